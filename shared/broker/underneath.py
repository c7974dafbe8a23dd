"""What FastStream and aio-pika keep to themselves and we must know: look here at an upgrade.

Written against FastStream 0.7.8, aio-pika 10.2.1 and aiormq 7.2.4.
"""
# ruff: noqa: SLF001

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from aio_pika import RobustConnection
from aio_pika.abc import AbstractConnection, AbstractRobustChannel
from aio_pika.exceptions import AMQPError
from faststream.rabbit import RabbitBroker
from faststream.rabbit.subscriber import RabbitSubscriber

NOT_ANSWERED = (AMQPError, ConnectionError, RuntimeError, TimeoutError)
"""What the libraries raise when a connection or channel breaks under a call."""


def connection_of(broker: RabbitBroker) -> RobustConnection | None:
    """The broker's connection while it stands, else None."""
    connection: Any = broker._connection
    if connection is None or not connection.connected.is_set():
        return None
    found: RobustConnection = connection
    return found


def consumes(subscriber: RabbitSubscriber) -> bool:
    """Whether the subscriber's consumer is registered on an open channel.

    The tag leaves the channel's table when the broker takes the consumer away.
    """
    queue, tag = subscriber._queue_obj, subscriber._consumer_tag
    if queue is None or tag is None or queue.channel.is_closed:
        return False
    channel: Any = queue.channel
    underlay: Any = channel._channel
    if underlay is None or underlay.channel.is_closed:
        return False
    return tag in underlay.channel.consumers


async def cancel(subscriber: RabbitSubscriber) -> None:
    """Take the consumer away and leave the channel open, so that deliveries can be settled."""
    queue, tag = subscriber._queue_obj, subscriber._consumer_tag
    subscriber._consumer_tag = None
    if queue is not None and tag is not None:
        # If this cannot be said, the consumer goes with the connection.
        with contextlib.suppress(*NOT_ANSWERED):
            await queue.cancel(tag, timeout=2)


async def let_go(subscriber: RabbitSubscriber) -> None:
    """Close the subscriber's channel: its consumer and what it holds go in one step."""
    queue = subscriber._queue_obj
    subscriber._consumer_tag = None
    if queue is not None and not queue.channel.is_closed:
        # If this cannot be said, they go with the connection.
        with contextlib.suppress(*NOT_ANSWERED):
            async with asyncio.timeout(2):
                await queue.channel.close()


async def drop(connection: AbstractConnection) -> None:
    """End what is under a connection; a robust one is made anew."""
    transport = connection.transport
    if transport is not None:
        with contextlib.suppress(*NOT_ANSWERED):
            async with asyncio.timeout(2):
                await transport.connection.close()


async def consumer_count(channel: AbstractRobustChannel, queue: str) -> int:
    """How many consumers the broker counts on a queue; a passive look, on a channel of its own."""
    found = await channel.declare_queue(queue, passive=True, robust=False)
    return int(found.declaration_result.consumer_count or 0)
