"""The feed's writer on the real broker, and tellers with their own users."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aio_pika
from aio_pika.abc import AbstractRobustConnection

from services.publishing.feeds.log.writer import LogWriter
from shared.broker import names
from shared.broker.connection import Bus, make_broker
from shared.contracts.envelope import Envelope
from shared.delivery.parking import ParkedCollector
from tests.integration.publishing.feeds.partners_world import Partnered
from tests.support.servers import RealServers

FEED = names.feed_queue("publishing")
PATIENT = 100.0


@dataclass
class Broker:
    """The real one: tellers with their own users, and the feed's writer with publishing's."""

    servers: RealServers
    administrator: AbstractRobustConnection
    partnered: Partnered

    async def tell(
        self,
        *envelopes: Envelope,
        user: str = "booking",
        key: str = "",
        times: int = 1,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Publish as a service's own user, confirmed."""
        connection = await aio_pika.connect(self.servers.amqp_url(user))
        async with connection:
            channel = await connection.channel(on_return_raises=False)
            exchange = await channel.get_exchange(names.EVENTS, ensure=False)
            for one in envelopes:
                message = aio_pika.Message(one.to_bytes(), user_id=user, headers=headers)
                for _ in range(times):
                    routing_key = key or one.type.removeprefix("se.safespace.")
                    await exchange.publish(message, routing_key, mandatory=False, timeout=30)

    @asynccontextmanager
    async def writing(self, tries: int = 2) -> AsyncIterator[LogWriter]:
        """The feed's writer at work, and the collector of what it gives up."""
        bus = make_broker([self.servers.amqp_url("publishing")], user="publishing")
        feeds = self.partnered.feeds
        writer = LogWriter("publishing", bus, feeds.log, feeds.ground.transact, tries=tries)
        ParkedCollector("publishing", bus, feeds.ground.database)
        running = await _started(bus, writer)
        try:
            yield writer
        finally:
            await bus.stop()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def log(self) -> list[tuple[int, str]]:
        """Positions and ids."""
        rows = await self.partnered.world.rows("feed_log")
        return [(row["_id"], row["event_id"]) for row in rows]

    async def parked(self) -> list[str]:
        """The reasons of what was given up."""
        return [row["reason"] for row in await self.partnered.world.rows("dead_letters")]

    @asynccontextmanager
    async def bound_by_hand(self, key: str) -> AsyncIterator[None]:
        """Somebody with all rights makes a mistake."""
        channel = await self.administrator.channel()
        queue = await channel.get_queue(FEED, ensure=False)
        await queue.bind(names.EVENTS, key)
        try:
            yield
        finally:
            await queue.unbind(names.EVENTS, key)
            await channel.close()


async def _started(bus: Bus, writer: LogWriter) -> asyncio.Task[None]:
    running = asyncio.create_task(writer.run())
    try:
        await bus.start()
    except BaseException:
        # Cancelled in the middle of it, its consumer would go on holding the queue.
        running.cancel()
        await bus.stop()
        raise
    return running


async def at_least(broker: Broker, count: int) -> bool:
    return await broker.partnered.feeds.log.head() >= count


async def parked(broker: Broker, count: int) -> bool:
    return len(await broker.parked()) == count


async def replay(broker: Broker, envelope: Envelope) -> None:
    """As the relay sends what an operator replays: through the shortest waiting room."""
    connection = await aio_pika.connect(broker.servers.amqp_url("publishing"))
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(names.retry_exchange("publishing"), ensure=False)
        first = envelope.type.removeprefix("se.safespace.")
        headers = {"x-safespace-routing-key": first}
        message = aio_pika.Message(
            envelope.to_bytes(), headers=headers, delivery_mode=2, user_id="publishing"
        )
        await exchange.publish(message, names.delay_queue("publishing", FEED, "1s"), timeout=30)
