"""The HTTP app: every route of the service, its policy and its refusals."""

from __future__ import annotations

from collections.abc import AsyncIterator
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
from services.booking.house import SERVICE, House
from services.booking.policy import PERMISSIONS
from services.booking.settings import HttpSettings
from services.booking.storage.changes import MongoChanges
from services.booking.storage.line_moves import MongoLineMoves
from services.booking.use_cases.ask_for_places import AskForPlaces
from services.booking.use_cases.cancel_occasion import CancelOccasion
from services.booking.use_cases.change_occasion import ChangeOccasion
from services.booking.use_cases.count_attendance import CountAttendance
from services.booking.use_cases.import_requests import ImportRequests
from services.booking.use_cases.import_season import ImportSeason
from services.booking.use_cases.move_in_line import MoveInLine
from services.booking.use_cases.publish_occasion import AddActivity, PublishOccasion
from services.booking.use_cases.read_needs import ReadNeeds
from services.booking.use_cases.see_booking import ListBookings
from services.booking.use_cases.see_line_moves import SeeLineMoves
from shared.delivery.operator_routes import routes as operator_routes
from shared.privacy.reads import MongoReads
from shared.web.app import make_app


def make_http(settings: HttpSettings, house: House) -> FastAPI:
    """Ready with its primary and a key to seal with; needs no broker."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await house.make_indexes()
        yield
        house.close()

    return make_app(
        service=SERVICE,
        settings=settings,
        routers=_routers_of(house),
        refusals=STATUSES,
        permissions=PERMISSIONS,
        lifespan=lifespan,
        ready=house.ready,
    )


def _routers_of(house: House) -> list[APIRouter]:
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
        bookings.routes(_booking_desk(house)),
        my_booking.routes(_participant_desk(house)),
        imports.routes(season, requests),
        changes.routes(MongoChanges(house.database)),
        operator_routes(SERVICE, house.database),
    ]


def _booking_desk(house: House) -> bookings.BookingDesk:
    return bookings.BookingDesk(
        ask=AskForPlaces(house.decisions, house.cards, house.people),
        see=house.see,
        listed=ListBookings(house.bookings, house.occasions),
        cancel=house.cancel,
        head_count=house.head_count,
        move=house.move,
    )


def _participant_desk(house: House) -> my_booking.ParticipantDesk:
    return my_booking.ParticipantDesk(
        bookings=house.bookings,
        see=house.see,
        cancel=house.cancel,
        head_count=house.head_count,
        move=house.move,
        answer=house.answer,
    )
