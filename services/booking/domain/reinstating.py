"""A cancellation is taken back: the party has again what it had, as far as that is still there."""

from __future__ import annotations

from dataclasses import replace

from services.booking.domain.deciding import Deciding
from services.booking.domain.facts import BookingConfirmed, BookingWaitlisted
from services.booking.domain.offers import offer_what_is_free
from services.booking.domain.place import Place
from services.booking.domain.requesting import take_in
from services.booking.domain.rules import BookingIsAlreadyHere, LineIsClosed


def reinstate(deciding: Deciding, left: Place) -> None:
    """The party that `left` is back, and is told so.

    One that had places has them if they could be granted to a new party too: what has been offered
    to others meanwhile is theirs. One that stood in line, or had an offer, stands where it stood.
    Raises OccasionHasStarted, BookingIsAlreadyHere, OccasionFull, LargerThanRoom or LineIsClosed.
    """
    if left.state == "confirmed":
        standing = take_in(deciding, left, "refuse")
        deciding.places[-1] = deciding.tell(standing, BookingConfirmed, by_staff=True)
        return
    deciding.ensure_not_started()
    if left.booking_id in [place.booking_id for place in deciding.places]:
        raise BookingIsAlreadyHere
    if deciding.offers_are_over:
        raise LineIsClosed
    index = _stand_again(deciding, replace(left, state="waiting", offer=None))
    deciding.places[index] = deciding.tell(
        deciding.places[index],
        BookingWaitlisted,
        position=deciding.position_at(index),
        larger_than_room=left.size > deciding.capacity,
    )
    offer_what_is_free(deciding)


def _stand_again(deciding: Deciding, left: Place) -> int:
    """In the order of `joined`; whoever has been given its number since then stands behind it."""
    places = deciding.places
    index = next((i for i, place in enumerate(places) if place.joined >= left.joined), len(places))
    places.insert(index, left)
    for behind in range(index + 1, len(places)):
        least = places[behind - 1].joined + 1
        if places[behind].joined >= least:
            break
        places[behind] = replace(places[behind], joined=least)
    return index
