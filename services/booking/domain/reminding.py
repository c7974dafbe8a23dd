"""Staff have a party reminded: once a day, and only of places that it has."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from services.booking.domain.deciding import Deciding
from services.booking.domain.facts import ReminderAsked
from services.booking.domain.rules import BookingHasNoPlaces, RemindedToday
from shared.kernel.ids import BookingId


def remind(deciding: Deciding, booking_id: BookingId, zone: str) -> None:
    """The party is to be reminded today, as the calendar stands in `zone`.

    Raises OccasionHasStarted, BookingIsNotHere, BookingHasNoPlaces, or RemindedToday the second
    time on a day.
    """
    deciding.ensure_not_started()
    index = deciding.index_of(booking_id)
    place = deciding.places[index]
    if place.state != "confirmed":
        raise BookingHasNoPlaces
    day = deciding.now.astimezone(ZoneInfo(zone)).date()
    if place.reminded == day:
        raise RemindedToday
    told = deciding.tell(place, ReminderAsked, day=day)
    deciding.places[index] = replace(told, reminded=day)
