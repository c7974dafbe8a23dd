"""The whole of delivery for one service's worker process: start, stop, ready."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from shared.broker import names
from shared.broker.connection import Bus
from shared.contracts.event import Contract
from shared.delivery.health import WorkerHealth
from shared.delivery.indexes import ensure_delivery_indexes
from shared.delivery.listener import Handler, Listener
from shared.delivery.parking import ParkedCollector
from shared.delivery.relay import Relay
from shared.mongo.client import Database


class StartAgain(Exception):
    """The worker cannot go on and wants to be started anew by whoever runs it."""


class DeliveryWorker:
    """Relay, listener and the collector of parked messages on one bus."""

    def __init__(
        self,
        service: str,
        database: Database,
        bus: Bus,
        handlers: Mapping[type[Contract], Handler],
    ) -> None:
        self._service = service
        self._database = database
        self._bus = bus
        self.relay = Relay(database, bus)
        self.listener = Listener(service, bus, handlers, database)
        self.parked = ParkedCollector(service, bus, database)
        self.health = WorkerHealth(database, bus, self.relay)
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Make the indexes, connect (as long as it takes), and begin to relay and to listen.

        Raises:
            TopologyMissing: the broker's definitions are not loaded.
        """
        await ensure_delivery_indexes(self._database)
        own = (names.EVENTS, names.retry_exchange(self._service), names.parked(self._service))
        await self._bus.start(exchanges=own)
        self._tasks = [asyncio.create_task(self.relay.run())]

    async def run(self) -> None:
        """Start, and go on until the process should end: always by an error, or cancelled.

        Raises:
            StartAgain: only a fresh process helps.
        """
        await self.start()
        await self.given_up()
        raise StartAgain

    async def ready(self) -> Mapping[str, bool]:
        """What must hold for this worker to do its work, check by check."""
        return await self.health.ready()

    async def given_up(self) -> None:
        """Returns (or raises) when the process should end and be started again."""
        gone = asyncio.create_task(self.health.consumer_gone())
        try:
            done, _ = await asyncio.wait({gone, *self._tasks}, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            gone.cancel()

    async def stop(self, *, drain_for: float = 5.0) -> None:
        """Take nothing more, let handlers end for so many seconds, then close everything."""
        await self._bus.stop_listening()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._bus.stop(drain_for=drain_for)
