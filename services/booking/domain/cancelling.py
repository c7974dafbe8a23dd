"""A party leaves: it cancels, is moved away, or the whole occasion is cancelled."""

from __future__ import annotations

from services.booking.domain.deciding import Deciding
from services.booking.domain.facts import BookingCancelled
from services.booking.domain.offers import offer_what_is_free
from services.booking.domain.place import Place
from services.booking.domain.rules import AttendanceIsRecorded
from shared.kernel.ids import BookingId

BY_PARTICIPANT = "by-participant"


def cancel(deciding: Deciding, booking_id: BookingId, reason: str) -> None:
    """The party leaves, and what it held goes to the line.

    Staff can still say afterwards that a party never came; the party itself cannot undo what was.
    Raises BookingIsNotHere, AttendanceIsRecorded or OccasionHasStarted.
    """
    if reason == BY_PARTICIPANT:
        deciding.ensure_not_started()
    place = leave(deciding, booking_id)
    _tell(deciding, place, reason)
    offer_what_is_free(deciding)


def leave(deciding: Deciding, booking_id: BookingId) -> Place:
    """Take the party out without a word; raises BookingIsNotHere or AttendanceIsRecorded."""
    index = deciding.index_of(booking_id)
    if deciding.places[index].attended:
        raise AttendanceIsRecorded
    return deciding.remove(index, "withdrawn")


def cancel_everybody(deciding: Deciding, reason: str) -> None:
    """The occasion is cancelled: each living party is told."""
    while deciding.places:
        place = deciding.remove(0, "withdrawn")
        _tell(deciding, place, reason, occasion_cancelled=True)


def _tell(
    deciding: Deciding, place: Place, reason: str, *, occasion_cancelled: bool = False
) -> None:
    deciding.tell(
        place,
        BookingCancelled,
        reason=reason,
        was=place.state,
        joined=place.joined,
        overtaken=place.overtaken,
        occasion_cancelled=occasion_cancelled,
    )
