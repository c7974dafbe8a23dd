"""The order of the line, and staff's way to change it: never without a reason."""

from __future__ import annotations

from dataclasses import replace

from services.booking.domain.deciding import Deciding
from services.booking.domain.facts import LineMoved
from services.booking.domain.offers import offer_what_is_free
from services.booking.domain.rules import BookingIsNotInLine, NoSuchPosition, ReasonMissing
from shared.kernel.ids import BookingId


def move_in_line(
    deciding: Deciding, booking_id: BookingId, position: int, reason: str, by: str
) -> None:
    """Put a waiting party at a position (from 1), told with who did it and why.

    The order keys of those who wait are dealt out again; who holds an offer keeps its own. The
    same position again is quiet. Raises ReasonMissing, BookingIsNotHere, BookingIsNotInLine or
    NoSuchPosition.
    """
    if not reason.strip():
        raise ReasonMissing
    index = deciding.index_of(booking_id)
    if deciding.places[index].state != "waiting":
        raise BookingIsNotInLine
    seats = [i for i, place in enumerate(deciding.places) if place.state == "waiting"]
    if not 1 <= position <= len(seats):
        raise NoSuchPosition(last=len(seats))
    before = seats.index(index) + 1
    if before == position:
        return
    queue = [deciding.places[i] for i in seats]
    moved = queue.pop(before - 1)
    told = deciding.tell(
        moved, LineMoved, from_position=before, to_position=position, reason=reason.strip(), by=by
    )
    queue.insert(position - 1, told)
    keys = [deciding.places[i].joined for i in seats]
    for seat, key, place in zip(seats, keys, queue, strict=True):
        deciding.places[seat] = replace(place, joined=key)
    offer_what_is_free(deciding)
