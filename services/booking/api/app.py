"""The HTTP app: every route of the service, its policy and its refusals."""

from __future__ import annotations

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
    programme,
    rooms,
    statistics,
)
from services.booking.api.refusals import STATUSES
from services.booking.house import House
from services.booking.policy import PERMISSIONS
from services.booking.settings import HttpSettings
from services.booking.use_cases.ask_for_places import AskForPlaces
from services.booking.use_cases.cancel_occasion import CancelOccasion
from services.booking.use_cases.change_occasion import ChangeOccasion
from services.booking.use_cases.count_attendance import CountAttendance
from services.booking.use_cases.hold_room import HoldRoom
from services.booking.use_cases.import_requests import ImportRequests
from services.booking.use_cases.import_season import ImportSeason
from services.booking.use_cases.move_in_line import MoveInLine
from services.booking.use_cases.publish_figures import PublishFigures, SeeFigures
from services.booking.use_cases.publish_occasion import AddActivity, PublishOccasion
from services.booking.use_cases.read_needs import ReadNeeds
from services.booking.use_cases.reinstate_booking import ReinstateBooking
from services.booking.use_cases.remind_booking import RemindBooking
from services.booking.use_cases.see_attendance import SeeAttendance
from services.booking.use_cases.see_booking import ListBookings
from services.booking.use_cases.see_line_moves import SeeLineMoves
from services.booking.use_cases.see_programme import SeeProgramme
from services.booking.use_cases.see_rooms import AddRoom, SaySeats, SeeRoomDay
from shared.house.app import app_on
from shared.privacy.derived_link import DerivedLinks


def make_http(settings: HttpSettings, house: House) -> FastAPI:
    """Ready with its primary and a key to seal with; needs no broker."""
    routers = [
        # The most asked-for first: each request is held against one router after the other.
        bookings.routes(_booking_desk(house, settings.fingerprint_key)),
        programme.routes(_programme(house)),
        activities.routes(house.stores.activities, AddActivity(house.decisions)),
        occasions.routes(_occasion_desk(house)),
        line.routes(_line_desk(house)),
        _on_the_day(house),
        my_booking.routes(_participant_desk(house)),
        _imports(house, settings.fingerprint_key),
        rooms.routes(_room_desk(house)),
        _statistics(house),
        changes.routes(house.stores.changes),
    ]
    return app_on(house, settings, routers, permissions=PERMISSIONS, refusals=STATUSES)


def _occasion_desk(house: House) -> occasions.OccasionDesk:
    return occasions.OccasionDesk(
        occasions=house.stores.occasions,
        see=house.see_occasion,
        publish=PublishOccasion(house.stores.activities, house.decisions),
        change=ChangeOccasion(house.decisions),
        cancel=CancelOccasion(house.decisions),
    )


def _line_desk(house: House) -> line.LineDesk:
    stores, people = house.stores, house.ground.people
    return line.LineDesk(
        house.see_occasion,
        SeeLineMoves(stores.line_moves, people),
        MoveInLine(stores.bookings, house.decisions, people),
    )


def _room_desk(house: House) -> rooms.RoomDesk:
    stores, decisions = house.stores, house.decisions
    return rooms.RoomDesk(
        rooms=stores.rooms,
        day=SeeRoomDay(stores.rooms, stores.occasions, decisions),
        add=AddRoom(stores.rooms, decisions),
        say_seats=SaySeats(stores.rooms, decisions),
        hold=HoldRoom(stores.rooms, decisions),
        release=house.release_hold,
    )


def _on_the_day(house: House) -> APIRouter:
    stores = house.stores
    needs = ReadNeeds(stores.occasions, stores.bookings, house.ground.people, house.ground.audit)
    see = SeeAttendance(house.see_occasion, stores.bookings)
    return on_the_day.routes(needs, CountAttendance(house.decisions), see)


def _statistics(house: House) -> APIRouter:
    figures, clock = house.stores.figures, house.ground.clock
    see = SeeFigures(figures, clock)
    return statistics.routes(see, PublishFigures(figures, house.decisions, clock))


def _imports(house: House, fingerprint_key: bytes) -> APIRouter:
    stores, decisions = house.stores, house.decisions
    season = ImportSeason(stores.occasions, stores.activities, decisions)
    requests = ImportRequests(
        stores.occasions,
        stores.bookings,
        decisions,
        house.cards,
        house.ground.people,
        fingerprint_key,
    )
    return imports.routes(season, requests)


def _programme(house: House) -> SeeProgramme:
    stores = house.stores
    return SeeProgramme(stores.programme, stores.activities, house.ground.clock)


def _booking_desk(house: House, key: bytes) -> bookings.BookingDesk:
    ground, stores = house.ground, house.stores
    return bookings.BookingDesk(
        ask=AskForPlaces(house.decisions, house.cards, ground.people, stores.bookings),
        links=DerivedLinks(key, "booking"),
        see=house.see,
        listed=ListBookings(stores.bookings, stores.occasions),
        cancel=house.cancel,
        head_count=house.head_count,
        move=house.move,
        reinstate=ReinstateBooking(stores.bookings, house.decisions),
        remind=RemindBooking(stores.bookings, house.decisions),
    )


def _participant_desk(house: House) -> my_booking.ParticipantDesk:
    return my_booking.ParticipantDesk(
        bookings=house.stores.bookings,
        see=house.see,
        cancel=house.cancel,
        head_count=house.head_count,
        move=house.move,
        answer=house.answer,
    )
