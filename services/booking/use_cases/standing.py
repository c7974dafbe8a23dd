"""Where a booking stands, put together from its record and its occasion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.booking.domain.occasion import Occasion
from services.booking.domain.party import Party
from services.booking.domain.place import Attendance, Offer, Place
from services.booking.use_cases.mirror import with_larger
from services.booking.use_cases.records import BookingRecord, BookingState, NewBooking
from shared.kernel.ids import BookingId


@dataclass(frozen=True, slots=True)
class Standing:
    """A booking as somebody who may see it sees it. `version` is its ETag.

    `started` is known where one booking is looked at: from then on its party can change nothing.
    """

    id: BookingId
    occasion: Occasion
    party: Party
    state: BookingState
    version: int
    flags: tuple[str, ...] = ()
    position: int | None = None
    offer: Offer | None = None
    attended: Attendance | None = None
    reminded: date | None = None
    started: bool = False


def standing_of(booking: BookingRecord | NewBooking, occasion: Occasion) -> Standing:
    """From the occasion where the booking is alive there, else as the record says it ended."""
    place = place_in(occasion, booking.id)
    if place is None:
        ended = booking.state if isinstance(booking, BookingRecord) else "cancelled"
        sequence = booking.sequence if isinstance(booking, BookingRecord) else 0
        return Standing(booking.id, occasion, booking.party, ended, sequence, booking.flags)
    waits = place.state == "waiting"
    return Standing(
        booking.id,
        occasion,
        booking.party,
        place.state,
        place.sequence,
        with_larger(booking.flags, larger=occasion.is_larger_than_room(place)),
        occasion.position_of(booking.id) if waits else None,
        place.offer if place.state == "offered" else None,
        place.attended,
        place.reminded,
    )


def place_in(occasion: Occasion, booking_id: BookingId) -> Place | None:
    """The living place of a booking, or None."""
    return next((place for place in occasion.places if place.booking_id == booking_id), None)
