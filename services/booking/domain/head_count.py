"""A party becomes more or fewer."""

from __future__ import annotations

from dataclasses import replace

from services.booking.domain.deciding import Deciding
from services.booking.domain.facts import HeadCountChanged
from services.booking.domain.granting import free_places, grantable_last, overtake_all
from services.booking.domain.offers import offer_what_is_free
from services.booking.domain.party import ensure_size
from services.booking.domain.rules import HeadCountDoesNotFit
from shared.kernel.ids import BookingId


def change_head_count(deciding: Deciding, booking_id: BookingId, size: int) -> None:
    """Give a party a new size; what it frees goes to the line. The same size again is quiet.

    A party that waits changes in place and keeps its turn. One that holds places grows only into
    places that could be granted to somebody last in line, as the wish to grow is asked for now.
    Raises PartySizeOutOfRange, OccasionHasStarted, BookingIsNotHere or HeadCountDoesNotFit.
    """
    ensure_size(size)
    deciding.ensure_not_started()
    index = deciding.index_of(booking_id)
    before = deciding.places[index]
    if size == before.size:
        return
    if before.state != "waiting" and size > before.size:
        if not grantable_last(deciding, size - before.size):
            raise HeadCountDoesNotFit
        overtake_all(deciding, free_places(deciding))
    deciding.places[index] = deciding.tell(
        replace(before, size=size),
        HeadCountChanged,
        size_before=before.size,
        state=before.state,
        larger_than_room=size > deciding.capacity,
    )
    offer_what_is_free(deciding)
