"""What the broker does by itself: it holds publishers back, and throws out what never ends."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import aio_pika
import pytest
from aio_pika.exceptions import QueueEmpty

from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports
from deploy.local.rabbit import Rabbit
from shared.broker import names
from shared.broker.connection import Bus
from shared.broker.errors import Unknown
from shared.broker.names import DELIVERY_LIMIT
from shared.contracts.booking import HeadCountChanged
from shared.contracts.envelope import wrap
from shared.delivery import letters
from shared.delivery.health import WorkerHealth
from shared.delivery.relay import Relay
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from tests.integration.delivery.ends import Ends, head_count
from tests.integration.delivery.test_failures import parked
from tests.support.eventually import eventually

QUEUE = "notifications.from-booking"


async def test_what_comes_back_without_end_is_parked_by_the_broker(ends: Ends) -> None:
    """A message that kills whoever takes it is put aside by the broker, with its reason."""
    await ends.relay()
    [event_id] = await ends.tell(head_count(new_id(), 1))
    await ends.all_sent()
    returned = await _give_back_without_end(ends)
    # One delivery, and one more for each time that it was given back.
    assert returned == DELIVERY_LIMIT + 1
    await ends.listen({HeadCountChanged: ends.note})
    [letter] = await parked(ends)
    assert (letter["event_id"], letter["reason"]) == (event_id, "delivery_limit")
    assert letter["queue"] == QUEUE
    assert await ends.effects() == []


async def _give_back_without_end(ends: Ends) -> int:
    """Take and give back until it is put aside, as a listener does that dies each time."""
    connection = await aio_pika.connect(ends.servers.amqp_url("notifications"))
    times = 0
    async with connection:
        channel = await connection.channel()
        queue = await channel.get_queue(QUEUE, ensure=False)

        async def put_aside() -> bool:
            nonlocal times
            try:
                taken = await queue.get()
            except QueueEmpty:
                return await ends.waiting_in("notifications.parked") == 1
            times += 1
            await taken.nack(requeue=True)
            return False

        await eventually(put_aside, every=0)
    return times


async def test_what_another_service_says_of_a_parked_message_is_not_believed(ends: Ends) -> None:
    """Its queue and reason are the broker's word, its failures and replays ours: not a forger's."""
    forged: dict[str, Any] = {
        letters.QUEUE: "notifications.from-mentoring",
        letters.REASON: "harmless",
        letters.ROUTING_KEY: "mentoring.statistics-published.v1",
        letters.ATTEMPT: 99,
        letters.REPLAY: 7,
        "x-death": [{"queue": "notifications.from-mentoring", "reason": "harmless", "count": 1}],
    }
    envelope = wrap(
        head_count(new_id(), 1), event_id=new_id(), at=real_now(), correlation_id=new_id()
    )
    key = envelope.type.removeprefix("se.safespace.")
    async with await aio_pika.connect(ends.servers.amqp_url("booking")) as line:
        channel = await line.channel()
        exchange = await channel.get_exchange(names.EVENTS, ensure=False)
        told = aio_pika.Message(envelope.to_bytes(), headers=forged, user_id="booking")
        await exchange.publish(told, key)
    async with await aio_pika.connect(ends.servers.amqp_url("notifications")) as line:
        channel = await line.channel()
        queue = await channel.get_queue(QUEUE, ensure=False)
        await (await queue.get()).reject(requeue=False)
    await ends.listen({HeadCountChanged: ends.note})
    [letter] = await parked(ends)
    assert (letter["event_id"], letter["queue"]) == (envelope.id, QUEUE)
    assert (letter["reason"], letter["failures"], letter["replays"]) == ("rejected", 0, 0)
    assert letter["routing_key"] != forged[letters.ROUTING_KEY]


@contextmanager
def alarmed(ends: Ends) -> Iterator[None]:
    """The broker believes that its memory is full: it reads from no connection that publishes."""
    _ask_node(ends, "set_vm_memory_high_watermark", "0.00001")
    try:
        yield
    finally:
        _ask_node(ends, "set_vm_memory_high_watermark", "0.4")


def _ask_node(ends: Ends, *words: str) -> None:
    folder = ends.servers.folder
    rabbit = Rabbit(folder, Ports(folder, in_use=True), Secrets(folder))
    subprocess.run([*rabbit.rabbitmqctl(), *words], env=rabbit.environment(), check=True)


@pytest.mark.long
async def test_a_full_broker_holds_publishers_back_and_loses_nothing(ends: Ends) -> None:
    """In an alarm commits go on, a publish ends as unknown in its time, readiness says so.

    What is in the queues is still handled and acknowledged; afterwards everything has its effect
    once, although what was held back may arrive twice.
    """
    may_end = asyncio.Event()

    async def slow(envelope: object, data: object, session: object) -> None:
        await may_end.wait()
        await ends.note(envelope, data, session)  # type: ignore[arg-type]

    bus = await ends.listen({HeadCountChanged: slow})
    health = WorkerHealth(ends.booking, bus, Relay(ends.booking, bus))
    await ends.relay()
    told = await ends.tell(*(head_count(new_id(), 1) for _ in range(5)))
    await ends.all_sent()
    with alarmed(ends):
        await eventually(lambda: is_held_back(bus))
        told += await ends.tell(*(head_count(new_id(), 1) for _ in range(20)))
        assert not (await health.ready())["publishing"]
        may_end.set()
        await ends.effects_reach(5)
        unsent = await ends.booking["outbox"].count_documents({"state": "unsent"})
        assert unsent >= 19, "the broker holds nobody back"
    await ends.effects_reach(25)
    await ends.quiet()
    assert sorted(effect["event_id"] for effect in await ends.effects()) == sorted(told)
    assert not await is_held_back(bus)
    assert (await health.ready())["publishing"]


async def is_held_back(bus: Bus) -> bool:
    """Whether a publish ends as unknown, in its time."""
    try:
        await bus.round_trip(timeout=0.5)
    except Unknown:
        return True
    return False
