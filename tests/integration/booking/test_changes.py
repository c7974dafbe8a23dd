"""Live updates: ids and versions as they change, resumable, and only what one may read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.integration.booking.world import World


class Stream:
    """An open stream of server-sent events."""

    def __init__(self, answer: httpx.Response) -> None:
        self._lines = answer.aiter_lines()

    async def next(self) -> dict[str, Any]:
        """The next event's data, with its id under `at`."""
        event: dict[str, Any] = {}
        async with asyncio.timeout(60):
            async for line in self._lines:
                name, _, value = line.partition(": ")
                if name == "id":
                    event["at"] = value
                elif (name, value) == ("event", "reset"):
                    event["kind"] = "reset"
                elif name == "data":
                    event |= json.loads(value)
                elif not line and "kind" in event:
                    return event
        raise AssertionError("the stream ended")


@asynccontextmanager
async def listening(
    world: World, role: str = "coordinator", after: str | None = None
) -> AsyncIterator[Stream]:
    # The change stream opens after the headers have gone: only who names a place misses nothing.
    start = after or await world.house.stores.changes._following.here()
    headers = {**world.signed_in(role), "Last-Event-ID": start}
    async with world.client.stream("GET", "/v1/changes", headers=headers) as answer:
        assert answer.status_code == 200
        yield Stream(answer)


async def test_changes_are_told_and_resumed(world: World) -> None:
    """A booking changes two things; who comes back later misses nothing in between."""
    occasion = await world.an_occasion()
    async with listening(world) as stream:
        booking = await world.book(occasion["id"])
        first, second = await stream.next(), await stream.next()
    assert (first["kind"], first["id"], first["version"]) == ("occasion", occasion["id"], 2)
    assert (second["kind"], second["id"], second["version"]) == ("booking", booking["id"], 1)
    await world.cancel(booking)
    async with listening(world, after=second["at"]) as stream:
        third, fourth = await stream.next(), await stream.next()
    assert (third["id"], third["version"]) == (occasion["id"], 3)
    assert (fourth["id"], fourth["version"]) == (booking["id"], 2)


async def test_a_facilitator_hears_of_occasions_only(world: World) -> None:
    """What one may not read is not told of either."""
    occasion = await world.an_occasion()
    async with listening(world, "facilitator") as stream:
        await world.book(occasion["id"])
        await world.book(occasion["id"])
        heard = [await stream.next(), await stream.next()]
    assert {change["kind"] for change in heard} == {"occasion"}


async def test_a_place_that_is_not_ours_is_said_so(world: World) -> None:
    """Who comes with a place that cannot be read is told to read everything anew, and goes on."""
    occasion = await world.an_occasion()
    async with listening(world, after="not-a-place") as stream:
        assert (await stream.next())["kind"] == "reset"
        await world.book(occasion["id"])
        assert (await stream.next())["id"] == occasion["id"]
