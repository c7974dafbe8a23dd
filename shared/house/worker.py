"""A service's worker: health, events in and out, and whatever time does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.audit.checkpoints import EVERY_SECONDS, SignCheckpoint
from shared.broker.connection import Bus, make_broker
from shared.contracts.event import Contract
from shared.delivery.clockwork import every
from shared.delivery.listener import Handler
from shared.delivery.settings import WorkerSettings
from shared.delivery.worker import DeliveryWorker
from shared.house.ground import House
from shared.observability.health import health_app
from shared.web.serving import served

Step = Callable[[], Awaitable[object]]
Engine = Callable[[], Coroutine[Any, Any, None]]
"""Runs until it is cancelled."""

_DRAIN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Tick:
    """Done every so many seconds because time passes; at once again while it finds something."""

    seconds: float
    name: str
    work: Step


class Worker:
    """For the process and for tests.

    `ticks` are what time does. `first` is done once before the first event, `beside` runs all the
    while, `last` lets go of what the service itself holds; the house is closed after that. `bus` is
    given by a service that hands out work on it.
    """

    def __init__(
        self,
        settings: WorkerSettings,
        house: House,
        handlers: Mapping[type[Contract], Handler],
        *,
        ticks: Sequence[Tick] = (),
        first: Sequence[Step] = (),
        beside: Sequence[Engine] = (),
        last: Sequence[Step] = (),
        bus: Bus | None = None,
    ) -> None:
        self.house = house
        service, database = house.ground.service, house.ground.database
        bus = bus or make_broker(settings.amqp_urls, user=service)
        self.delivery = DeliveryWorker(service, database, bus, handlers)
        self._health = (settings.http_host, settings.metrics_port)
        self._ticks = (*ticks, Tick(EVERY_SECONDS, "audit-checkpoint", _signing(settings, house)))
        self._first, self._beside, self._last = first, beside, last

    async def run(self) -> None:
        """Until cancelled. Raises StartAgain when only a fresh process helps."""
        await self.house.make_indexes()
        for step in self._first:
            await step()
        health = served(health_app(self.delivery.ready), *self._health)
        try:
            async with health, asyncio.TaskGroup() as group:
                for tick in self._ticks:
                    group.create_task(every(tick.seconds, tick.name, tick.work))
                for engine in (*self._beside, self.delivery.run):
                    group.create_task(engine())
        finally:
            await self.delivery.stop(drain_for=_DRAIN_SECONDS)
            for step in self._last:
                await step()
            self.house.close()


def _signing(settings: WorkerSettings, house: House) -> SignCheckpoint:
    ground = house.ground
    key = settings.audit_signing_key
    return SignCheckpoint(ground.audit.entries, ground.checkpoints, ground.service, key)
