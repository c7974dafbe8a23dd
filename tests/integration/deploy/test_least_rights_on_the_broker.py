"""Each service's broker user is refused everything that is not its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import aio_pika
import pytest
import pytest_asyncio
from aio_pika.abc import AbstractChannel, AbstractConnection
from aio_pika.exceptions import ChannelPreconditionFailed
from aiormq.exceptions import ChannelAccessRefused, ProbableAuthenticationError

from shared.broker import names
from tests.support.servers import RealServers

Act = Callable[[AbstractChannel], Awaitable[object]]


@pytest_asyncio.fixture(loop_scope="session")
async def booking(servers: RealServers) -> AsyncIterator[AbstractConnection]:
    """The broker as booking's worker sees it."""
    connection = await aio_pika.connect(servers.amqp_url("booking"))
    yield connection
    await connection.close()


def publish(exchange: str, key: str, **properties: str) -> Act:
    """Publish a nothing and wait for the broker's answer."""

    async def act(channel: AbstractChannel) -> None:
        to = (
            channel.default_exchange
            if not exchange
            else await channel.get_exchange(exchange, ensure=False)
        )
        await to.publish(aio_pika.Message(b"{}", **properties), key, mandatory=False, timeout=30)

    return act


def read(queue: str) -> Act:
    """Fetch one message."""

    async def act(channel: AbstractChannel) -> None:
        found = await channel.get_queue(queue, ensure=False)
        await found.get(fail=False, no_ack=True, timeout=30)

    return act


def bind(queue: str, key: str) -> Act:
    """Bind a queue to the event exchange."""

    async def act(channel: AbstractChannel) -> None:
        found = await channel.get_queue(queue, ensure=False)
        await found.bind(names.EVENTS, key, timeout=30)

    return act


def declare(queue: str) -> Act:
    """Make a queue that is not there yet."""

    async def act(channel: AbstractChannel) -> None:
        await channel.declare_queue(queue, durable=True, timeout=30)

    return act


OWN = {
    "tell what is its own": publish(names.EVENTS, "booking.test-told.v1"),
    "try again later": publish(names.retry_exchange("booking"), "unknown"),
    "give up": publish(names.parked("booking"), "booking.test-told.v1"),
    "read what it hears": read(names.listening_queue("booking", "notifications")),
    "read what it gave up": read(names.parked("booking")),
}

NOT_ITS_OWN = {
    "tell what another service tells": publish(names.EVENTS, "notifications.test-told.v1"),
    "tell under a name that only begins alike": publish(names.EVENTS, "bookings.test-told.v1"),
    "reach any queue through the default exchange": publish(
        "", names.listening_queue("notifications", "booking")
    ),
    "use another's retries": publish(names.retry_exchange("notifications"), "x"),
    "skip the wait": publish(names.again_exchange("booking"), "x"),
    "write to the unheard": publish(names.UNHEARD, "booking.test-told.v1"),
    "give up in another's name": publish(names.parked("notifications"), "x"),
    "read what another hears": read(names.listening_queue("notifications", "booking")),
    "read what another gave up": read(names.parked("notifications")),
    "read what waits": read(
        names.delay_queue("booking", names.listening_queue("booking", "notifications"), "1s")
    ),
    "read the unheard": read(names.UNHEARD),
    "bind its own queue to more": bind(
        names.listening_queue("booking", "notifications"), "booking.booking-confirmed.v1"
    ),
    "bind everything": bind(names.listening_queue("booking", "notifications"), "#"),
    "declare a queue": declare("booking.mine"),
    "declare an unnamed queue": declare(""),
}


@pytest.mark.parametrize("act", OWN.values(), ids=OWN.keys())
async def test_a_service_may_do_what_is_its_own(booking: AbstractConnection, act: Act) -> None:
    """A service's user can do its own work: else refusing it everything would prove nothing."""
    async with await booking.channel() as channel:
        await act(channel)


@pytest.mark.parametrize("act", NOT_ITS_OWN.values(), ids=NOT_ITS_OWN.keys())
async def test_a_service_is_refused_the_rest(booking: AbstractConnection, act: Act) -> None:
    """Whatever is not a service's own is refused by the broker itself."""
    channel = await booking.channel()
    with pytest.raises(ChannelAccessRefused):
        await act(channel)


async def test_nobody_publishes_in_anothers_name(booking: AbstractConnection) -> None:
    """A false user_id on a message is refused."""
    channel = await booking.channel()
    with pytest.raises(ChannelPreconditionFailed):
        await publish(names.EVENTS, "booking.test-told.v1", user_id="notifications")(channel)


async def test_there_is_no_guest(servers: RealServers) -> None:
    """RabbitMQ's well-known default user does not exist."""
    address = servers.amqp_url("booking")
    guest = "amqp://guest:guest@" + address.split("@")[1]
    with pytest.raises(ProbableAuthenticationError):
        await aio_pika.connect(guest)
