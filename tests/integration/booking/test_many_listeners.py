"""Two hundred listen to one API, and everybody else is answered all the same."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from motor.frameworks import asyncio as driver

from tests.integration.booking.world import World

LISTENERS = 200


async def hears(client: httpx.AsyncClient, headers: dict[str, str], most: int) -> list[Any]:
    """What one listener is told, up to so many changes."""
    heard: list[Any] = []
    async with client.stream("GET", "/v1/changes", headers=headers) as answer:
        assert answer.status_code == 200
        async for line in answer.aiter_lines():
            name, _, value = line.partition(": ")
            if name == "data":
                change = json.loads(value)
                heard.append((change["kind"], change["id"], change["version"]))
                if len(heard) == most:
                    return heard
    raise AssertionError("the stream ended")


async def test_all_hear_each_change_once_and_others_are_answered(world: World) -> None:
    """One process tells 200 listeners of every change once, while ordinary requests go through."""
    occasion = await world.an_occasion()
    start = await world.house.stores.changes._following.here()
    headers = {**world.signed_in(), "Last-Event-ID": start}
    limits = httpx.Limits(max_connections=None)
    async with (
        asyncio.timeout(60),
        httpx.AsyncClient(
            base_url=world.client.base_url, limits=limits, timeout=60, trust_env=False
        ) as client,
    ):
        listening = [asyncio.create_task(hears(client, headers, 8)) for _ in range(LISTENERS)]
        bookings = []
        for _ in range(4):
            bookings.append(await world.book(occasion["id"]))
            seen = await world.occasion(occasion["id"])
            assert seen["version"] == len(bookings) + 1
        heard = await asyncio.gather(*listening)
    expected = []
    for nth, booking in enumerate(bookings):
        expected += [("occasion", occasion["id"], nth + 2), ("booking", booking["id"], 1)]
    assert len(heard) == LISTENERS
    # A double would stand in the place of a later one.
    for each in heard:
        assert each == expected


async def test_with_a_stream_for_each_nobody_else_is_answered(world: World) -> None:
    """Negative control: listeners with a stream of their own hold all of the driver's threads."""
    occasion = await world.an_occasion()
    threads = driver._EXECUTOR._max_workers
    database = world.house.ground.database

    async def old_way() -> None:
        async with database.watch([{"$match": {"ns.coll": "occasions"}}]) as changes:
            async for _ in changes:
                pass

    listening = [asyncio.create_task(old_way()) for _ in range(6 * threads)]
    try:
        await asyncio.sleep(1)
        # Each holds a thread for a second, and five times as many stand before us.
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5):
                await world.occasion(occasion["id"])
    finally:
        for each in listening:
            each.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
