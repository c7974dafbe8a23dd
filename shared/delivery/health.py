"""Whether a process on the bus can do its work, thing by thing. A ping says nothing (DESIGN §7)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import structlog
from pymongo.errors import PyMongoError

from shared.broker.connection import Bus
from shared.broker.errors import NotConfirmed, TopologyMissing
from shared.delivery.relay import Relay
from shared.mongo.client import Database
from shared.mongo.primary import has_primary

log = structlog.get_logger(__name__)

OLDEST_UNSENT = 30.0
"""Seconds: an older unsent row means that the relay is stuck."""

WITHOUT_CONSUMER = 30.0
"""Seconds without an expected consumer, while the broker is reachable, before giving up."""


class BusHealth:
    """Asks the database and the broker: whether we can publish, and our consumers are there."""

    def __init__(
        self, database: Database, bus: Bus, *, without_consumer: float = WITHOUT_CONSUMER
    ) -> None:
        self._database = database
        self._bus = bus
        self._without_consumer = without_consumer

    async def ready(self) -> Mapping[str, bool]:
        """What must hold → whether it does."""
        database, publishing, consumers = await asyncio.gather(
            has_primary(self._database), self._publishes(), self._consumers()
        )
        return {
            "database": database,
            "publishing": publishing,
            **{f"listening to {queue}": bool(there) for queue, there in consumers.items()},
        }

    async def consumer_gone(self) -> None:
        """Returns when an expected consumer has been missing for too long, the broker being there.

        The process should then end and be started again: the libraries did not get it back.
        """
        loop = asyncio.get_running_loop()
        missing_since: float | None = None
        while True:
            consumers = await self._consumers()
            if all(there is not False for there in consumers.values()):
                missing_since = None
            elif missing_since is None:
                missing_since = loop.time()
            elif loop.time() - missing_since >= self._without_consumer:
                log.error("consumer_gone", queues=[q for q, t in consumers.items() if not t])
                return
            await asyncio.sleep(min(1.0, self._without_consumer / 4))

    async def _publishes(self) -> bool:
        try:
            await self._bus.round_trip(timeout=2)
        except NotConfirmed:
            return False
        return True

    async def _consumers(self) -> dict[str, bool | None]:
        """Queue → our consumer is there, is not, or (None) the broker cannot be asked."""
        return {
            queue: await self._consumer(queue, ours)
            for queue, ours in self._bus.listening().items()
        }

    async def _consumer(self, queue: str, ours: bool) -> bool | None:
        try:
            return ours and await self._bus.consumers(queue, timeout=2) > 0
        except NotConfirmed:
            return None
        except TopologyMissing:
            return False


class WorkerHealth(BusHealth):
    """Asks the outbox as well."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        relay: Relay,
        *,
        oldest_unsent: float = OLDEST_UNSENT,
        without_consumer: float = WITHOUT_CONSUMER,
    ) -> None:
        super().__init__(database, bus, without_consumer=without_consumer)
        self._relay = relay
        self._oldest_unsent = oldest_unsent

    async def ready(self) -> Mapping[str, bool]:
        """What must hold → whether it does."""
        known, outbox = await asyncio.gather(super().ready(), self._outbox_moves())
        return {**known, "outbox": outbox}

    async def _outbox_moves(self) -> bool:
        try:
            async with asyncio.timeout(2):
                return await self._relay.measure() < self._oldest_unsent
        except (PyMongoError, TimeoutError):
            return False
