"""Asking for places: granted at once, put in line, or refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from services.booking.domain.deciding import Deciding
from services.booking.domain.facts import BookingConfirmed, BookingMoved, BookingWaitlisted
from services.booking.domain.granting import free_places, grantable_last, overtake_all
from services.booking.domain.party import ensure_size
from services.booking.domain.place import Place
from services.booking.domain.rules import (
    BookingIsAlreadyHere,
    LargerThanRoom,
    LineIsClosed,
    OccasionFull,
)
from shared.kernel.ids import BookingId, OccasionId, RecipientId

WhenFull = Literal["refuse", "wait"]


def request(
    deciding: Deciding,
    booking_id: BookingId,
    recipient_id: RecipientId,
    size: int,
    when_full: WhenFull,
    flags: tuple[str, ...],
) -> None:
    """A new party stands last; it is confirmed, waits or is refused, and is told so."""
    asked = Place(booking_id, recipient_id, size, "waiting", joined=0, flags=flags)
    standing = take_in(deciding, asked, when_full)
    if standing.state == "confirmed":
        told = deciding.tell(standing, BookingConfirmed)
    else:
        told = deciding.tell(
            standing,
            BookingWaitlisted,
            position=deciding.position_at(len(deciding.places) - 1),
            larger_than_room=size > deciding.capacity,
        )
    deciding.places[-1] = told


def join_by_move(
    deciding: Deciding, place: Place, from_occasion_id: OccasionId, when_full: WhenFull
) -> None:
    """A party from another occasion stands last here, under the same rules as a new one."""
    newcomer = replace(place, state="waiting", overtaken=0, offer=None, attended=None)
    standing = take_in(deciding, newcomer, when_full)
    waits = standing.state == "waiting"
    deciding.places[-1] = deciding.tell(
        standing,
        BookingMoved,
        from_occasion_id=from_occasion_id,
        state=standing.state,
        position=deciding.position_at(len(deciding.places) - 1) if waits else None,
        larger_than_room=standing.size > deciding.capacity,
    )


def take_in(deciding: Deciding, asked: Place, when_full: WhenFull) -> Place:
    """Put a party last in `places`, confirmed if that may be granted, else waiting.

    Raises PartySizeOutOfRange, OccasionHasStarted, BookingIsAlreadyHere; with `refuse` also
    LargerThanRoom and OccasionFull; with `wait` LineIsClosed when no more offers will be made.
    """
    ensure_size(asked.size)
    deciding.ensure_not_started()
    if asked.booking_id in [place.booking_id for place in deciding.places]:
        raise BookingIsAlreadyHere
    granted = grantable_last(deciding, asked.size)
    if not granted:
        _ensure_may_wait(deciding, asked.size, when_full)
    else:
        overtake_all(deciding, free_places(deciding))
    joined = deciding.places[-1].joined + 1 if deciding.places else 1
    standing = replace(asked, joined=joined, state="confirmed" if granted else "waiting")
    deciding.places.append(standing)
    return standing


def _ensure_may_wait(deciding: Deciding, size: int, when_full: WhenFull) -> None:
    if when_full == "refuse" and size > deciding.capacity:
        raise LargerThanRoom(capacity=deciding.capacity)
    if when_full == "refuse":
        raise OccasionFull
    if deciding.offers_are_over:
        raise LineIsClosed
