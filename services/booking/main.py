"""The composition root: `python -m services.booking.main http|worker`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

from services.booking.house import SERVICE, House
from services.booking.messaging.incoming import Incoming
from services.booking.messaging.outgoing import answer_refused, news_of
from services.booking.settings import HttpSettings, WorkerSettings
from services.booking.storage.ledger import MongoLedger
from services.booking.storage.unsafe_for_tests import UnsafeLedger
from services.booking.use_cases.answer_offer import TellRefusedAnswer
from services.booking.use_cases.let_time_pass import DeleteOldNeeds, SettleWhatIsDue
from shared.broker.connection import make_broker
from shared.delivery.clockwork import every
from shared.delivery.process import run_worker
from shared.delivery.worker import DeliveryWorker
from shared.kernel.clock import Clock, ShiftedClock
from shared.observability import logging
from shared.observability.health import health_app
from shared.observability.tracing import set_up_tracing
from shared.web.serving import serve, served


def house_of(settings: HttpSettings | WorkerSettings, clock: Clock | None = None) -> House:
    """Stores, keys, and what both processes share."""
    known = clock or ShiftedClock(settings.clock_file)
    return House(settings, news_of, known, unsafe=_unsafe_ledger(settings))


def _unsafe_ledger(
    settings: HttpSettings | WorkerSettings,
) -> Callable[[House], MongoLedger] | None:
    """A ledger without the version check, only if a local test's settings say so."""
    if not isinstance(settings, HttpSettings) or not settings.test_unsafe_version:
        return None
    profile, barrier = settings.profile, settings.test_barrier
    return lambda house: UnsafeLedger(
        house.database, house.office, house.once, profile=profile, hold_until=barrier
    )


def incoming_of(house: House) -> Incoming:
    """The handlers of events."""
    refused = TellRefusedAnswer(house.bookings, house.decisions, answer_refused)
    return Incoming(house.answer, refused, house.bookings, house.keys)


class Worker:
    """Relay, listener and clockwork. For the process and for tests."""

    def __init__(self, settings: WorkerSettings, house: House) -> None:
        self._house = house
        self._health = (settings.http_host, settings.metrics_port)
        bus = make_broker(settings.amqp_urls, user=SERVICE)
        self.delivery = DeliveryWorker(SERVICE, house.database, bus, incoming_of(house).handlers())
        self._settle = SettleWhatIsDue(house.occasions, house.decisions, house.clock)
        self._forget = DeleteOldNeeds(house.bookings, house.people, house.clock)

    async def run(self) -> None:
        """Until cancelled. Raises StartAgain when only a fresh process helps."""
        await self._house.make_indexes()
        health = served(health_app(self.delivery.ready), *self._health)
        try:
            async with health, asyncio.TaskGroup() as group:
                group.create_task(every(0.5, "settle", self._settle))
                group.create_task(every(60.0, "delete-old-needs", self._forget))
                group.create_task(self.delivery.run())
        finally:
            await self.delivery.stop(drain_for=1.0)
            self._house.close()


def http() -> None:
    """Serve the API until told to stop."""
    from services.booking.api.app import make_http

    settings = HttpSettings()
    logging.set_up(settings.profile, SERVICE, "http")
    set_up_tracing(SERVICE, "http")
    serve(make_http(settings, house_of(settings)), settings)


def worker() -> None:
    """Relay, listen and keep time until told to stop."""
    settings = WorkerSettings()
    run_worker(SERVICE, settings, lambda: Worker(settings, house_of(settings)).run())


if __name__ == "__main__":
    {"http": http, "worker": worker}[sys.argv[1]]()
