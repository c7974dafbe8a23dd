"""A service's further process: an engine that takes work from the bus, beside API and worker."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from shared.broker import names
from shared.broker.connection import Bus
from shared.delivery.health import BusHealth
from shared.delivery.settings import BusSettings
from shared.delivery.worker import StartAgain
from shared.house.ground import House
from shared.house.worker import Engine, Step
from shared.observability.health import health_app
from shared.web.serving import served


class EngineProcess:
    """For the process and for tests.

    `engines` run all the while; what they listen to on `bus` is named before. Told to stop, they
    are cancelled, and each ends what it has in hand before it returns. `last` lets go of what they
    hold; the bus and the house are closed after that. What the service tells, its worker relays.
    """

    def __init__(
        self,
        settings: BusSettings,
        house: House,
        bus: Bus,
        *,
        engines: Sequence[Engine],
        last: Sequence[Step] = (),
    ) -> None:
        self.house, self.bus = house, bus
        self.health = BusHealth(house.ground.database, bus)
        self._where = (settings.http_host, settings.metrics_port)
        self._engines, self._last = engines, last

    async def run(self) -> None:
        """Until cancelled. Raises StartAgain when only a fresh process helps."""
        await self.house.make_indexes()
        health = served(health_app(self.health.ready), *self._where)
        try:
            async with health, asyncio.TaskGroup() as group:
                for engine in (*self._engines, self._on_the_bus):
                    group.create_task(engine())
        finally:
            await self.bus.stop()
            for step in self._last:
                await step()
            self.house.close()

    async def _on_the_bus(self) -> None:
        own = self.house.ground.service
        await self.bus.start(exchanges=(names.retry_exchange(own), names.parked(own)))
        await self.health.consumer_gone()
        raise StartAgain
