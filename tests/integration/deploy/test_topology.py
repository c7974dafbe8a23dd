"""What the generated topology does with an event, on the real broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aio_pika
import pytest
import pytest_asyncio
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage, AbstractRobustConnection

from deploy.local.topology import apply_topology, running_rabbit
from deploy.rabbitmq import NotApplied, apply, definitions
from shared.broker import names
from shared.contracts.booking import BookingConfirmed
from shared.contracts.catalogue import SERVICES
from tests.support.eventually import eventually
from tests.support.servers import RealServers, queue_names

HEARD = BookingConfirmed.routing_key()
QUEUE = names.listening_queue("notifications", "booking")


@pytest_asyncio.fixture(loop_scope="session")
async def channel(
    amqp_administrator: AbstractRobustConnection, clean_queues: None
) -> AsyncIterator[AbstractChannel]:
    """A channel with publisher confirms, on clean queues."""
    opened = await amqp_administrator.channel(on_return_raises=True)
    yield opened
    await opened.close()


async def tell(channel: AbstractChannel, exchange: str, key: str, **headers: object) -> None:
    """Publish something persistent and wait for the confirm."""
    to = await channel.get_exchange(exchange, ensure=False)
    message = aio_pika.Message(
        b"{}", headers=headers, delivery_mode=aio_pika.DeliveryMode.PERSISTENT
    )
    await to.publish(message, key, timeout=30)


async def arrived(channel: AbstractChannel, queue: str) -> AbstractIncomingMessage:
    """The next message of a queue, acked, waited for."""
    asked = await channel.get_queue(queue, ensure=False)
    message = await eventually(lambda: asked.get(fail=False))
    await message.ack()
    return message


@pytest.mark.parametrize(
    ("key", "headers"),
    [
        (HEARD, {"BCC": [names.delay_queue("notifications", QUEUE, "1s")]}),
        (names.delay_queue("notifications", QUEUE, "1s"), {}),
    ],
    ids=["original routing key kept", "by the name of the delay queue"],
)
async def test_a_retry_waits_and_comes_back(
    channel: AbstractChannel, key: str, headers: dict[str, object]
) -> None:
    """What is to be tried again waits in the delay queue and returns where it was heard."""
    await tell(channel, names.retry_exchange("notifications"), key, **headers)
    back = await arrived(channel, QUEUE)
    assert back.routing_key == key
    [stay] = back.headers["x-death"]
    waited_in = names.delay_queue("notifications", QUEUE, "1s")
    assert (stay["queue"], stay["reason"]) == (waited_in, "expired")


async def test_what_nobody_hears_is_counted(channel: AbstractChannel) -> None:
    """An event without a listener is no error: it lands in the bounded queue of the unheard."""
    await tell(channel, names.EVENTS, "booking.never-heard-of.v1")
    assert (await arrived(channel, names.UNHEARD)).routing_key == "booking.never-heard-of.v1"


async def test_what_is_rejected_is_parked(channel: AbstractChannel) -> None:
    """A message that a listener throws away is not gone: it is parked, key and all."""
    await tell(channel, names.EVENTS, HEARD)
    queue = await channel.get_queue(QUEUE, ensure=False)
    message = await eventually(lambda: queue.get(fail=False))
    await message.reject(requeue=False)
    assert (await arrived(channel, names.parked("notifications"))).routing_key == HEARD


async def test_importing_again_changes_nothing(
    servers: RealServers, channel: AbstractChannel
) -> None:
    """The same document over a running broker leaves it, and what waits in it, as it was."""
    await tell(channel, names.EVENTS, HEARD)
    await asyncio.to_thread(apply_topology, servers.folder)
    for name in queue_names():
        await channel.declare_queue(name, passive=True)
    assert (await arrived(channel, QUEUE)).routing_key == HEARD
    as_booking = await aio_pika.connect(servers.amqp_url("booking"))
    await as_booking.close()


async def test_a_conflicting_document_is_refused(servers: RealServers) -> None:
    """When the broker cannot take the document, that is said, and no password with it."""
    rabbit = running_rabbit(servers.folder)
    broken = rabbit.definitions() | {"users": [{"name": "booking"}]}
    with pytest.raises(NotApplied) as refused:
        await asyncio.to_thread(
            apply, broken, rabbitmqctl=rabbit.rabbitmqctl(), environment=rabbit.environment()
        )
    assert not any(word in str(refused.value) for word in rabbit.passwords.values())


def test_the_document_is_the_same_each_time() -> None:
    """The same catalogue and passwords give the same document, so a change of it is a change."""
    words = dict.fromkeys((*SERVICES, "watcher"), "word")
    assert definitions(words) == definitions(words)
    assert definitions(words) != definitions(words | {"booking": "another"})
