"""The fuse box: what booking is made of. `python -m services.booking.main http|worker`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from services.booking.api import (
    activities,
    bookings,
    changes,
    imports,
    line,
    my_booking,
    occasions,
    on_the_day,
)
from services.booking.api.refusals import STATUSES
from services.booking.domain.office_days import malmo_office
from services.booking.messaging.incoming import Incoming
from services.booking.messaging.outgoing import answer_refused, news_of
from services.booking.policy import PERMISSIONS
from services.booking.settings import HttpSettings, WorkerSettings
from services.booking.storage.activities import MongoActivities
from services.booking.storage.bookings import MongoBookings
from services.booking.storage.changes import MongoChanges
from services.booking.storage.indexes import make_indexes
from services.booking.storage.ledger import MongoLedger
from services.booking.storage.line_moves import MongoLineMoves
from services.booking.storage.occasions import MongoOccasions
from services.booking.storage.reads import MongoReads
from services.booking.storage.unsafe_for_tests import UnsafeLedger
from services.booking.use_cases.answer_offer import AnswerOffer, TellRefusedAnswer
from services.booking.use_cases.ask_for_places import AskForPlaces
from services.booking.use_cases.cancel_booking import CancelBooking
from services.booking.use_cases.cancel_occasion import CancelOccasion
from services.booking.use_cases.change_head_count import ChangeHeadCount
from services.booking.use_cases.change_occasion import ChangeOccasion
from services.booking.use_cases.contact_cards import ContactCards
from services.booking.use_cases.count_attendance import CountAttendance
from services.booking.use_cases.decisions import Decisions
from services.booking.use_cases.import_requests import ImportRequests
from services.booking.use_cases.import_season import ImportSeason
from services.booking.use_cases.let_time_pass import DeleteOldNeeds, SettleWhatIsDue
from services.booking.use_cases.move_booking import MoveBooking
from services.booking.use_cases.move_in_line import MoveInLine
from services.booking.use_cases.publish_occasion import AddActivity, PublishOccasion
from services.booking.use_cases.read_needs import ReadNeeds
from services.booking.use_cases.see_booking import ListBookings, SeeBooking, SeeOccasion
from services.booking.use_cases.see_line_moves import SeeLineMoves
from services.booking.use_cases.together import Alone, Gathered
from shared.broker.connection import make_broker
from shared.contracts.event import Contract
from shared.delivery.clockwork import every
from shared.delivery.indexes import ensure_delivery_indexes
from shared.delivery.listener import Handler
from shared.delivery.operator_routes import routes as operator_routes
from shared.delivery.process import run_worker
from shared.delivery.worker import DeliveryWorker
from shared.kernel.clock import Clock, ShiftedClock
from shared.mongo.client import connect, database_of
from shared.mongo.settings import StoreSettings
from shared.observability import logging
from shared.observability.health import health_app
from shared.observability.tracing import set_up_tracing
from shared.privacy.sealing import KnownKeys
from shared.privacy.vault import Vault
from shared.web.app import make_app
from shared.web.idempotency import Idempotency
from shared.web.serving import serve, served

SERVICE = "booking"


class House:
    """Every room of booking, made once: stores, doors to the outside, and the decisions."""

    def __init__(
        self,
        settings: StoreSettings,
        *,
        clock: Clock | None = None,
        unsafe: Callable[[House], MongoLedger] | None = None,
    ) -> None:
        url, keys_url = (
            secret.get_secret_value()
            for secret in (settings.mongodb_url, settings.keys_mongodb_url)
        )
        self.client, self.keys_client = connect(url), connect(keys_url)
        self.database = database_of(self.client, url)
        self.clock = clock or ShiftedClock(settings.clock_file)
        self.office = malmo_office()
        self.once = Idempotency(self.database)
        self.keys = KnownKeys(self.database)
        self.cards = ContactCards(self.keys)
        keys = database_of(self.keys_client, keys_url)
        self.people = Vault(keys, settings.master_key)
        self.fingerprint_key = settings.fingerprint_key
        self.occasions, self.bookings = MongoOccasions(self.database), MongoBookings(self.database)
        self.activities = MongoActivities(self.database)
        ledger = unsafe(self) if unsafe else MongoLedger(self.database, self.office, self.once)
        self.decisions = Decisions(
            ledger, news_of, self.clock, self.office, combine=Alone if unsafe else Gathered
        )
        self.see_occasion = SeeOccasion(self.occasions, self.decisions, self.office)
        self.see = SeeBooking(self.bookings, self.see_occasion)
        self.cancel = CancelBooking(self.bookings, self.decisions, self.people)
        self.head_count = ChangeHeadCount(self.bookings, self.decisions)
        self.move = MoveBooking(self.bookings, self.decisions)
        self.answer = AnswerOffer(self.bookings, self.decisions)

    async def make_indexes(self) -> None:
        """Make what is missing; every process may."""
        await make_indexes(self.database)
        await self.once.make_indexes()
        await ensure_delivery_indexes(self.database)

    async def ready(self) -> Mapping[str, bool]:
        """What the HTTP process needs: its primary, and a key to seal contact cards with."""
        try:
            async with asyncio.timeout(2):
                hello = await self.database.command("hello")
                sealing = await self.cards.ready()
        except Exception:  # noqa: BLE001 - whatever it is, the answer is no
            return {"database": False, "sealing-key": False}
        return {"database": bool(hello.get("isWritablePrimary")), "sealing-key": sealing}

    def close(self) -> None:
        """Let go of the database."""
        self.client.close()
        self.keys_client.close()

    def booking_desk(self) -> bookings.BookingDesk:
        """What the routes about bookings ask."""
        return bookings.BookingDesk(
            ask=AskForPlaces(self.decisions, self.cards, self.people),
            see=self.see,
            listed=ListBookings(self.bookings, self.occasions),
            cancel=self.cancel,
            head_count=self.head_count,
            move=self.move,
        )

    def participant_desk(self) -> my_booking.ParticipantDesk:
        """What a participant's routes ask."""
        return my_booking.ParticipantDesk(
            bookings=self.bookings,
            see=self.see,
            cancel=self.cancel,
            head_count=self.head_count,
            move=self.move,
            answer=self.answer,
        )

    def incoming(self) -> Mapping[type[Contract], Handler]:
        """What booking hears."""
        refused = TellRefusedAnswer(self.bookings, self.decisions, answer_refused)
        return Incoming(self.answer, refused, self.bookings, self.keys).handlers()


def routers_of(house: House) -> list[APIRouter]:
    """The front desk."""
    season = ImportSeason(house.occasions, house.activities, house.decisions)
    requests = ImportRequests(
        house.occasions,
        house.bookings,
        house.decisions,
        house.cards,
        house.people,
        house.fingerprint_key,
    )
    reads = MongoReads(house.database)
    needs = ReadNeeds(house.occasions, house.bookings, house.people, reads)
    return [
        activities.routes(house.activities, AddActivity(house.decisions)),
        occasions.routes(
            occasions.OccasionDesk(
                house.occasions,
                house.see_occasion,
                PublishOccasion(house.activities, house.decisions),
                ChangeOccasion(house.decisions),
                CancelOccasion(house.decisions),
            )
        ),
        line.routes(
            line.LineDesk(
                house.see_occasion,
                SeeLineMoves(MongoLineMoves(house.database), house.people),
                MoveInLine(house.bookings, house.decisions, house.people),
            )
        ),
        on_the_day.routes(needs, CountAttendance(house.decisions)),
        bookings.routes(house.booking_desk()),
        my_booking.routes(house.participant_desk()),
        imports.routes(season, requests),
        changes.routes(MongoChanges(house.database)),
        operator_routes(SERVICE, house.database),
    ]


def make_http(settings: HttpSettings, house: House) -> FastAPI:
    """The API."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await house.make_indexes()
        yield
        house.close()

    return make_app(
        service=SERVICE,
        settings=settings,
        routers=routers_of(house),
        refusals=STATUSES,
        permissions=PERMISSIONS,
        lifespan=lifespan,
        ready=house.ready,
    )


def http() -> None:
    """Serve the API until told to stop."""
    settings = HttpSettings()
    logging.set_up(settings.profile, SERVICE, "http")
    set_up_tracing(SERVICE, "http")
    serve(make_http(settings, house_for(settings)), settings)


def house_for(settings: HttpSettings) -> House:
    """The house of the HTTP process; without the version check only if a local test says so."""
    if not settings.test_unsafe_version:
        return House(settings)

    def unsafe(house: House) -> MongoLedger:
        return UnsafeLedger(
            house.database,
            house.office,
            house.once,
            profile=settings.profile,
            hold_until=settings.test_barrier,
        )

    return House(settings, unsafe=unsafe)


class Worker:
    """Relay, listener and clockwork. For the process and for tests."""

    def __init__(self, settings: WorkerSettings, house: House) -> None:
        self._house = house
        self._health = (settings.http_host, settings.metrics_port)
        bus = make_broker(settings.amqp_urls, user=SERVICE)
        self.delivery = DeliveryWorker(SERVICE, house.database, bus, house.incoming())
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


def worker() -> None:
    """Relay, listen and keep time until told to stop."""
    settings = WorkerSettings()
    run_worker(SERVICE, settings, lambda: Worker(settings, House(settings)).run())


if __name__ == "__main__":
    {"http": http, "worker": worker}[sys.argv[1]]()
