"""One order, whoever writes it: writers that stop, are stopped and are killed, with others waiting.

Why it was lost once, and why it cannot be now: decision 0027.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import aio_pika
import pytest

from shared.broker import connection, names, underneath
from shared.broker.connection import Bus, make_broker
from shared.broker.messages import Delivery
from shared.contracts.envelope import Envelope
from shared.kernel.ids import new_id
from tests.integration.publishing.feeds.broker_world import FEED, PATIENT, Broker, at_least
from tests.integration.publishing.feeds.partners_world import Partnered, an_occasion
from tests.support.eventually import eventually
from tests.support.processes import Processes
from tests.support.servers import RealServers

HELD = 8


def happened(count: int, subjects: int = 4) -> list[Envelope]:
    """Events of a few subjects that take turns, each with its own sequence."""
    ids = [new_id() for _ in range(subjects)]
    return [an_occasion(ids[n % subjects], n // subjects + 1) for n in range(count)]


async def hand_over(servers: RealServers) -> list[int]:
    """Which sequences a second consumer is given, when the first stops with the first in hand."""
    first: list[int] = []
    second: list[int] = []

    def bus(heard: list[int], *, keeps: bool) -> Bus:
        async def receive(delivery: Delivery) -> None:
            heard.append(Envelope.model_validate_json(delivery.body).sequence)
            if keeps:
                await asyncio.Event().wait()
            await delivery.ack()

        made = make_broker([servers.amqp_url("publishing")], user="publishing", prefetch=HELD)
        made.listen(FEED, receive, in_order=True)
        return made

    leaving, waiting = bus(first, keeps=True), bus(second, keeps=False)
    await leaving.start()
    await eventually(lambda: len(first) == HELD, within=PATIENT)
    await waiting.start()
    await leaving.stop_listening()
    await asyncio.sleep(0)
    await leaving.stop()
    await eventually(lambda: len(second) >= 4 * HELD, within=PATIENT)
    await waiting.stop()
    return second


async def test_whoever_waits_begins_where_the_first_one_stopped(broker: Broker) -> None:
    """What the first one held comes first, in its order, and then the rest."""
    await broker.tell(*happened(4 * HELD, subjects=1))
    assert await hand_over(broker.servers) == list(range(1, 4 * HELD + 1))


async def test_a_cancelled_consumer_would_lose_the_order(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: cancelled instead, the next one is given what comes after, and the rest late."""
    monkeypatch.setattr(connection, "let_go", underneath.cancel)
    await broker.tell(*happened(4 * HELD, subjects=1))
    late = await hand_over(broker.servers)
    assert sorted(late) == list(range(1, 4 * HELD + 1))
    assert late[0] == HELD + 1


@dataclass
class Turns:
    """How often a writer has stopped."""

    stops: int = 0

    async def after(self, stops: int) -> None:
        """When that many have."""
        await eventually(lambda: self.stops >= stops, within=PATIENT)


@asynccontextmanager
async def one_after_the_other(broker: Broker, chance: random.Random) -> AsyncIterator[Turns]:
    """A writer, one that waits for its end, and so on: there are always one or two."""
    enough = asyncio.Event()
    counted = Turns()

    async def turns() -> None:
        async with AsyncExitStack() as first:
            await first.enter_async_context(broker.writing())
            current = first.pop_all()
        try:
            while not enough.is_set():
                async with AsyncExitStack() as following:
                    if chance.random() < 0.7:
                        await following.enter_async_context(broker.writing())
                    await asyncio.sleep(chance.uniform(0.0, 0.3))
                    await current.aclose()
                    counted.stops += 1
                    if chance.random() < 0.3:
                        await asyncio.sleep(chance.uniform(0.0, 0.1))
                    current = following.pop_all()
        finally:
            await current.aclose()

    task = asyncio.create_task(turns())
    try:
        yield counted
    finally:
        enough.set()
        await task


@pytest.mark.parametrize(
    ("count", "each"), [(200, 20), pytest.param(8_000, 50, marks=pytest.mark.long)]
)
async def test_the_log_is_in_the_order_of_the_broker(broker: Broker, count: int, each: int) -> None:
    """However often writers stop and start, with one waiting or none: all of it, in one order.

    With every stop there is something in a writer's hands: `each` are told between two.
    """
    told = happened(count)
    async with one_after_the_other(broker, random.Random(20261130)) as turns:
        for start in range(0, count, each):
            await turns.after(start // each)
            await broker.tell(*told[start : start + each])
        await turns.after(count // each)
        await eventually(lambda: at_least(broker, count), within=PATIENT)
    assert await broker.log() == [(at, one.id) for at, one in enumerate(told, start=1)]
    assert await broker.parked() == []


@pytest.mark.long
@pytest.mark.parametrize("kills", [12])
async def test_the_log_is_in_one_order_through_kills(
    broker: Broker, partnered: Partnered, processes: Processes, kills: int
) -> None:
    """Two real processes, killed or stopped in turn in the middle of things: one order."""
    told = happened(kills * 100)
    both = [await processes.start("publishing-feeds", second=name) for name in ("one", "two")]
    telling = asyncio.create_task(_steadily(broker.servers, told))
    for turn in range(kills):
        await eventually(lambda: at_least(broker, turn * 100 + 25), within=PATIENT)  # noqa: B023
        leaving = both[turn % 2]
        if turn % 3:
            leaving.kill()
        else:
            await asyncio.to_thread(leaving.stop)
        await leaving.restart(wait=False)
        await leaving.ready(within=PATIENT)
    await telling
    await eventually(lambda: at_least(broker, len(told)), within=PATIENT)
    rows = await partnered.world.rows("feed_log")
    assert [(row["_id"], row["event_id"]) for row in rows] == [
        (at, one.id) for at, one in enumerate(told, start=1)
    ]


async def _steadily(servers: RealServers, told: list[Envelope]) -> None:
    """As one relay does: each confirmed before the next."""
    async with await aio_pika.connect(servers.amqp_url("booking")) as line:
        channel = await line.channel()
        exchange = await channel.get_exchange(names.EVENTS, ensure=False)
        for one in told:
            key = one.type.removeprefix("se.safespace.")
            message = aio_pika.Message(one.to_bytes(), user_id="booking", delivery_mode=2)
            await exchange.publish(message, key, timeout=30)
