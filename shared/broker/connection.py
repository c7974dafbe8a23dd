"""The only way to the broker, with the settings that lose nothing (DESIGN §7, all measured)."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractIncomingMessage, AbstractRobustChannel
from aio_pika.exceptions import AMQPError, ChannelNotFoundEntity, DeliveryError, PublishError
from faststream import AckPolicy
from faststream.rabbit import Channel, RabbitQueue
from faststream.rabbit.subscriber import RabbitSubscriber

from shared.broker import names
from shared.broker.counting import ConsumerCounts
from shared.broker.errors import Away, TopologyMissing, Turned, Unknown
from shared.broker.messages import Delivery, Outgoing, Receive
from shared.broker.roaming import RoamingBroker
from shared.broker.underneath import (
    NOT_ANSWERED,
    cancel,
    connection_of,
    consumes,
    let_go,
)
from shared.kernel.ids import new_id

CONFIRM_SECONDS = 10.0
"""How long a confirm is waited for; then the message's fate is unknown."""


class Bus:
    """A service's two connections: one to publish with, one to listen with.

    A blocked publisher must not hold back acknowledgements, and a mistake on one channel must not
    close the other. Nothing is declared here; what is needed is looked for once, at start.
    """

    def __init__(self, urls: Sequence[str], *, user: str, prefetch: int) -> None:
        if not 0 < prefetch <= names.PREFETCH:
            raise ValueError("prefetch must be between 1 and 32")
        self.user = user
        self._prefetch = prefetch
        self._outward = RoamingBroker(
            urls,
            name=f"{user}: tells",
            channel=Channel(publisher_confirms=True, on_return_raises=True),
        )
        self._inward = RoamingBroker(
            urls, name=f"{user}: listens", channel=Channel(prefetch_count=prefetch)
        )
        self._counts = ConsumerCounts(self._outward)
        self._channel: AbstractRobustChannel | None = None
        self._subscribers: dict[str, RabbitSubscriber] = {}
        self._in_order: set[str] = set()
        self._at_work = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def listen(self, queue: str, receive: Receive, *, in_order: bool = False) -> None:
        """Hand every delivery of this queue to `receive`, up to the prefetch count side by side.

        To be called before `start`. `receive` settles everything itself and calls `ack` last; it
        is cancelled when the connection is lost. `in_order`: of a queue with a single active
        consumer. Ours then goes together with what it holds, so that the next one begins there; it
        is not cancelled, and has no time to settle (decision 0027).
        """
        if in_order:
            self._in_order.add(queue)
        subscriber = self._inward.subscriber(
            RabbitQueue(queue, declare=False, durable=True),
            channel=Channel(prefetch_count=self._prefetch),
            ack_policy=AckPolicy.MANUAL,
            decoder=_as_it_came,
        )
        subscriber(self._hand_over(queue, receive))
        self._subscribers[queue] = subscriber

    def _hand_over(self, queue: str, receive: Receive) -> Callable[[Any], Awaitable[None]]:
        async def on_message(message: Any) -> None:
            self._at_work += 1
            self._idle.clear()
            try:
                await receive(_delivery(queue, message.raw_message))
            finally:
                self._at_work -= 1
                if not self._at_work:
                    self._idle.set()

        return on_message

    async def start(self, *, exchanges: Sequence[str] = ()) -> None:
        """Connect, however long that takes, look for what is needed, and begin to listen.

        Raises:
            TopologyMissing: a queue or exchange is not there.
        """
        connection: Any = await self._outward.connect()
        self._channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        await self._look_for(connection, exchanges)
        await self._inward.start()

    async def _look_for(self, connection: Any, exchanges: Sequence[str]) -> None:
        # A look at something missing closes the channel that it is done on, so it has its own.
        probe = await connection.channel()
        try:
            for exchange in exchanges:
                await probe.get_exchange(exchange, ensure=True)
            for queue in self._subscribers:
                await probe.get_queue(queue, ensure=True)
        except ChannelNotFoundEntity as error:
            raise TopologyMissing(str(error)) from error
        finally:
            with contextlib.suppress(AMQPError):
                await probe.close()

    async def publish(self, outgoing: Outgoing, *, timeout: float = CONFIRM_SECONDS) -> None:
        """Returns when the broker has confirmed. Many calls at once share the channel.

        Raises:
            Away, Unknown, Turned: it is not confirmed; see each.
        """
        channel = self._channel
        if channel is None or channel.is_closed or connection_of(self._outward) is None:
            raise Away
        # A fresh id each time: the library tells returned messages apart by it. It is the
        # correlation id too, as FastStream would otherwise draw one for each delivery.
        name = new_id()
        message = Message(
            outgoing.body,
            headers=dict(outgoing.headers),
            content_type=outgoing.content_type,
            type=outgoing.event_type,
            message_id=name,
            correlation_id=name,
            user_id=self.user,
            app_id=self.user,
            delivery_mode=DeliveryMode.PERSISTENT,
        )
        try:
            # The library's own time-out does not fire while the broker holds publishers back.
            async with asyncio.timeout(timeout):
                underlay = await channel.get_underlay_channel()
                await underlay.basic_publish(
                    message.body,
                    exchange=outgoing.exchange,
                    routing_key=outgoing.routing_key,
                    properties=message.properties,
                    mandatory=outgoing.mandatory,
                )
        except (DeliveryError, PublishError) as error:
            raise Turned from error
        except NOT_ANSWERED as error:
            raise Unknown from error

    @property
    def connected(self) -> bool:
        """Whether both connections stand at this moment."""
        return all(connection_of(each) for each in (self._outward, self._inward))

    def listening(self) -> dict[str, bool]:
        """Queue → whether our consumer on it is registered on an open channel."""
        return {queue: consumes(each) for queue, each in self._subscribers.items()}

    async def consumers(self, queue: str, *, timeout: float = 5.0) -> int:
        """How many consumers the broker itself counts on a queue.

        Raises:
            Away, Unknown, TopologyMissing: it could not be asked, or there is no such queue.
        """
        return await self._counts.of(queue, timeout=timeout)

    async def round_trip(self, *, timeout: float = 5.0) -> None:
        """A publish that the broker confirms and then drops, as nothing is bound to its key.

        Raises:
            NotConfirmed: publishing does not work at the moment (no connection, or held back).
        """
        probe = Outgoing(names.retry_exchange(self.user), "probe", b"", mandatory=False)
        await self.publish(probe, timeout=timeout)

    async def stop_listening(self) -> None:
        """Take no more deliveries. Those that are here can still be settled and acknowledged.

        Except those of a queue that is listened to in order: they are somebody else's already.
        """
        for queue, subscriber in self._subscribers.items():
            await (let_go if queue in self._in_order else cancel)(subscriber)

    async def stop(self, *, drain_for: float = 0.0) -> None:
        """Stop listening, let handlers end for so many seconds, and close both connections.

        What is at work after that is cancelled, and its message is delivered to somebody else.
        """
        await self.stop_listening()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(drain_for):
                await self._idle.wait()
        await self._inward.stop()
        self._channel = None
        await self._outward.stop()
        await self._counts.stop()


def make_broker(urls: Sequence[str], *, user: str, prefetch: int = names.PREFETCH) -> Bus:
    """The service's bus. `urls` are the hosts of one cluster, tried in random order."""
    return Bus(urls, user=user, prefetch=prefetch)


async def _as_it_came(message: Any) -> Any:
    """No decoding: an unreadable body must reach us, so that it can be parked."""
    return message


def _delivery(queue: str, raw: AbstractIncomingMessage) -> Delivery:
    return Delivery(
        queue=queue,
        routing_key=raw.routing_key or "",
        body=raw.body,
        headers=dict(raw.headers or {}),
        redelivered=bool(raw.redelivered),
        ack=raw.ack,
        user=raw.user_id or "",
    )
