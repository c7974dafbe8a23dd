"""Counting heads at the door."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from services.booking.domain.deciding import Deciding
from services.booking.domain.facts import AttendanceRecorded, AttendanceTakenBack
from services.booking.domain.party import LARGEST_PARTY
from services.booking.domain.place import Attendance
from services.booking.domain.rules import (
    AttendanceOutOfRange,
    OccasionHasNotStarted,
)
from shared.kernel.ids import BookingId

DOORS_OPEN = timedelta(hours=1)


def record_attendance(deciding: Deciding, booking_id: BookingId, came: Attendance | None) -> None:
    """So many came, more or fewer than booked. A new count replaces; the same again is quiet.

    None takes a count back: the party is as if nobody had counted it.

    By then only confirmed parties are left here. Raises AttendanceOutOfRange,
    OccasionHasNotStarted (until an hour before the start) or BookingIsNotHere.
    """
    if came and not (0 <= came.pupils <= LARGEST_PARTY and 0 <= came.adults <= LARGEST_PARTY):
        raise AttendanceOutOfRange
    if deciding.now < deciding.starts_at - DOORS_OPEN:
        raise OccasionHasNotStarted
    index = deciding.index_of(booking_id)
    place = deciding.places[index]
    if place.attended == came:
        return
    told = (
        deciding.tell(place, AttendanceRecorded, pupils=came.pupils, adults=came.adults)
        if came
        else deciding.tell(place, AttendanceTakenBack)
    )
    deciding.places[index] = replace(told, attended=came)
