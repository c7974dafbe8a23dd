"""Processes are killed at random while classes book: nothing is lost, nothing is told twice."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from typing import Any

import httpx
import pytest

from tests.support.eventually import eventually
from tests.support.season import a_party, an_occasion
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")

VICTIMS = (
    "booking-worker",
    "notifications-worker",
    "booking-http",
    "rabbitmq",
    "notifications-worker",
    "booking-worker",
)


class Bookers:
    """People who book, and try again with the same key until they have an answer."""

    def __init__(self, copy: WholeCopy, occasion_id: str, prefix: str) -> None:
        self.copy, self.occasion_id, self.prefix = copy, occasion_id, prefix
        self.confirmed: dict[str, str] = {}

    async def book(self, client: httpx.AsyncClient, number: int) -> None:
        phone = f"+4670{self.prefix}{number:04d}"
        body = a_party(self.occasion_id, phone=phone, contact={"email": None})
        headers = {"Idempotency-Key": f"kill-{self.prefix}-{number}"}
        for _ in range(400):
            try:
                answer = await client.post("/v1/bookings", json=body, headers=headers)
            except httpx.HTTPError:
                await asyncio.sleep(0.15)
                continue
            if answer.status_code in (409, 429, 502, 503, 504):
                await asyncio.sleep(0.15)
                continue
            assert answer.status_code == 201, answer.text
            self.confirmed[phone] = answer.json()["id"]
            return
        raise AssertionError("never got an answer")

    async def all(self, count: int, at_once: int) -> None:
        gate = asyncio.Semaphore(at_once)
        async with httpx.AsyncClient(base_url=self.copy.booking, timeout=60) as client:

            async def one(number: int) -> None:
                async with gate:
                    await self.book(client, number)
                    await asyncio.sleep(0.2)

            await asyncio.gather(*(one(number) for number in range(count)))


async def kill_now_and_then(copy: WholeCopy, seed: int) -> list[str]:
    chance = random.Random(seed)
    killed = []
    for victim in VICTIMS:
        await asyncio.sleep(chance.uniform(0.3, 1.5))
        try:
            os.kill(copy.pid(victim), signal.SIGKILL)
            killed.append(victim)
        except (ProcessLookupError, KeyError):
            continue
    return killed


async def told(copy: WholeCopy, prefix: str) -> Counter[str]:
    messages: list[dict[str, Any]] = await copy.phone()
    return Counter(m["to"] for m in messages if m["to"].startswith(f"+4670{prefix}"))


async def run(copy: WholeCopy, *, count: int, seed: int, prefix: str) -> None:
    async with copy.client() as client:
        occasion = await an_occasion(client, capacity=1500)
    bookers = Bookers(copy, occasion["id"], prefix)
    killing = asyncio.create_task(kill_now_and_then(copy, seed))
    await bookers.all(count, at_once=24)
    assert len(await killing) >= 3
    assert len(bookers.confirmed) == count

    async def everybody_told() -> bool:
        return set(await told(copy, prefix)) == set(bookers.confirmed)

    await eventually(everybody_told, within=150, every=0.5)
    assert set((await told(copy, prefix)).values()) == {1}, "nobody is told twice"
    async with copy.client() as client:
        listed = await client.get("/v1/bookings", params={"occasion_id": occasion["id"]})
    assert listed.json()["total"] == count, "no booking twice"


@pytest.mark.timeout(240)
async def test_killing_loses_nothing_and_doubles_nothing(whole_copy: WholeCopy) -> None:
    """300 bookings under kill -9 of workers, API and broker: one confirmation each."""
    await run(whole_copy, count=300, seed=7, prefix="201")


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_killing_with_other_seeds(whole_copy: WholeCopy, seed: int) -> None:
    """The same with other moments and more bookings."""
    await run(whole_copy, count=900, seed=seed, prefix=f"30{seed}")
