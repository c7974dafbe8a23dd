"""How many consumers the broker counts on a queue, asked so that nothing is broken off.

A call that is cancelled makes the library close its channel, and a broker that is slow then closes
the whole connection: "expected 'channel.open'". Under load that happened to each look of a probe.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from aio_pika import RobustConnection
from aio_pika.exceptions import AMQPError, ChannelNotFoundEntity
from faststream.rabbit import RabbitBroker

from shared.broker.errors import Away, TopologyMissing, Unknown
from shared.broker.underneath import NOT_ANSWERED, connection_of, consumer_count, drop

GIVEN_UP_AFTER = 30.0
"""Seconds without an answer: the connection hangs, is dropped, and is made anew."""


class ConsumerCounts:
    """Asks over one connection. Whoever asks while a question is out waits for its answer."""

    def __init__(self, broker: RabbitBroker) -> None:
        self._broker = broker
        self._asked: dict[str, asyncio.Task[int]] = {}

    async def of(self, queue: str, *, timeout: float) -> int:
        """The broker's own count, waited for so many seconds. The question outlives the wait.

        Raises:
            Away, Unknown, TopologyMissing: it could not be asked, or there is no such queue.
        """
        question = self._asked.get(queue) or self._ask(queue)
        await asyncio.wait({question}, timeout=timeout)
        if not question.done() or question.cancelled():
            raise Unknown
        try:
            return question.result()
        except ChannelNotFoundEntity as error:
            raise TopologyMissing(queue) from error
        except NOT_ANSWERED as error:
            raise Unknown from error

    async def stop(self) -> None:
        """Ask nothing more. To be called when the connection is closed."""
        for question in tuple(self._asked.values()):
            question.cancel()
        await asyncio.gather(*self._asked.values(), return_exceptions=True)

    def _ask(self, queue: str) -> asyncio.Task[int]:
        connection = connection_of(self._broker)
        if connection is None:
            raise Away
        question = asyncio.create_task(_count(connection, queue))
        self._asked[queue] = question

        def answered(_: asyncio.Task[int]) -> None:
            del self._asked[queue]
            # Read, so that nothing is said of a failure that nobody waits for any more.
            if not question.cancelled():
                question.exception()

        question.add_done_callback(answered)
        return question


async def _count(connection: RobustConnection, queue: str) -> int:
    try:
        async with asyncio.timeout(GIVEN_UP_AFTER):
            # A look at something missing closes the channel that it is done on: it has its own.
            probe: Any = await connection.channel(publisher_confirms=False)
            try:
                return await consumer_count(probe, queue)
            finally:
                with contextlib.suppress(AMQPError):
                    await probe.close()
    except TimeoutError:
        await drop(connection)
        raise
