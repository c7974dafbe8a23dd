"""The worker as it runs: events from the real broker, several senders, kill -9."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aio_pika
import pytest

from services.notifications.main import Sending, house_of, worker_of
from shared.broker import names
from shared.contracts.envelope import CONTENT_TYPE, Envelope
from tests.integration.notifications.world import Party, World
from tests.support.eventually import eventually
from tests.support.servers import RealServers
from tests.support.twice import delivered  # noqa: F401


@asynccontextmanager
async def running(*works: Any) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
        wrong = [end for end in ends if isinstance(end, Exception)]
        assert wrong == []


async def tell(servers: RealServers, *envelopes: Envelope) -> None:
    """As booking: with its own broker user, confirmed."""
    connection = await aio_pika.connect(servers.amqp_url("booking"))
    async with connection:
        channel = await connection.channel(on_return_raises=True)
        exchange = await channel.get_exchange(names.EVENTS, ensure=False)
        for envelope in envelopes:
            message = aio_pika.Message(
                envelope.to_bytes(),
                content_type=CONTENT_TYPE,
                user_id="booking",
                delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
            )
            key = envelope.type.removeprefix("se.safespace.")
            await exchange.publish(message, key)


@pytest.mark.usefixtures("delivered")
async def test_from_the_broker_to_the_phone(
    world: World, servers: RealServers, clean_queues: None
) -> None:
    """Events on the bus become SMS and e-mail; the sealing key and outcomes are told back."""
    party = Party(phone="+46701740654", email="bus@skola.example")
    house = house_of(world.settings, world.clock)
    events = [await world.card(party), party.confirmed()]
    seen = len(await world.phone("+46701740654"))

    async def something_new() -> bool:
        return len(await world.phone("+46701740654")) > seen

    async with running(worker_of(world.settings, house).run()):
        await tell(servers, *events, *events)
        await eventually(something_new)

        async def all_told() -> bool:
            rows = await world.rows("outbox", state="sent")
            kinds = Counter(row["type"].split(".")[3] for row in rows)
            return kinds == {"sealing-key-announced": 1, "message-delivered": 2}

        await eventually(all_told)
    assert len(await world.phone("+46701740654")) == seen + 1


async def test_two_senders_share_the_queue(world: World) -> None:
    """Two workers on one queue: everybody gets one SMS and one e-mail, numbers one at a time."""
    parties = [
        Party(phone=f"+4670174{660 + n % 20:04}", email=f"q{n}@x.example") for n in range(40)
    ]
    for party in parties:
        await world.hear(await world.card(party), party.confirmed())
    before = len(await world.mails())
    other = house_of(world.settings, world.clock)
    senders = [Sending(world.settings, world.house), Sending(world.settings, other)]
    async with running(*(sender.run() for sender in senders)):

        async def all_sent() -> bool:
            open_ = {"state": {"$nin": ["accepted", "sent", "delivered"]}}
            return not await world.rows("deliveries", **open_)

        await eventually(all_sent)
    for sender in senders:
        await sender.close()
    other.close()
    sent = Counter(shown["to"] for shown in await world.phone())
    assert [sent[f"+4670174{660 + n:04}"] for n in range(20)] == [2] * 20
    assert len(await world.mails()) - before == 40


async def test_a_cancelled_sender_leaves_no_doubt_behind(world: World) -> None:
    """Stopped in the middle of slow answers, and started again: one SMS each."""
    await world.misbehave(slowness=0.3)
    parties = [Party(phone=f"+4670174{690 + n:04}", email=None) for n in range(6)]
    for party in parties:
        await world.hear(await world.card(party), party.confirmed())
    first = Sending(world.settings, world.house)
    async with running(first.run()):
        await eventually(lambda: world.rows("deliveries", state="sending"))
    await world.misbehave()
    second = Sending(replace_lease(world), world.house)
    async with running(second.run()):

        async def all_sent() -> bool:
            rows = await world.rows("deliveries")
            assert [row["state"] for row in rows] == ["delivered"] * 6
            return True

        await eventually(all_sent)
    sent = Counter(shown["to"] for shown in await world.phone())
    assert [sent[party.phone] for party in parties] == [1] * 6
    await first.close()
    await second.close()


def replace_lease(world: World) -> Any:
    return world.settings.model_copy(update={"send_lease": 1.0})
