"""Counting heads at the door."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from services.booking.domain.deciding import Deciding
from services.booking.domain.facts import AttendanceRecorded
from services.booking.domain.party import LARGEST_PARTY
from services.booking.domain.place import Attendance
from services.booking.domain.rules import (
    AttendanceOutOfRange,
    OccasionHasNotStarted,
)
from shared.kernel.ids import BookingId

DOORS_OPEN = timedelta(hours=1)


def record_attendance(deciding: Deciding, booking_id: BookingId, pupils: int, adults: int) -> None:
    """So many came, more or fewer than booked. A new count replaces; the same again is quiet.

    By then only confirmed parties are left here. Raises AttendanceOutOfRange,
    OccasionHasNotStarted (until an hour before the start) or BookingIsNotHere.
    """
    if not (0 <= pupils <= LARGEST_PARTY and 0 <= adults <= LARGEST_PARTY):
        raise AttendanceOutOfRange
    if deciding.now < deciding.starts_at - DOORS_OPEN:
        raise OccasionHasNotStarted
    index = deciding.index_of(booking_id)
    place = deciding.places[index]
    came = Attendance(pupils, adults)
    if place.attended != came:
        told = deciding.tell(place, AttendanceRecorded, pupils=pupils, adults=adults)
        deciding.places[index] = replace(told, attended=came)
