"""The record of one booking, from the first word to the last, and how facts change it.

The occasion decides; the record follows. It also keeps what the occasion forgets once a party has
left: its last state, and the number of its last fact.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.booking.domain.facts import (
    AttendanceRecorded,
    BookingCancelled,
    BookingConfirmed,
    BookingFact,
    BookingMoved,
    BookingWaitlisted,
    HeadCountChanged,
    LargerThanRoomChanged,
    OfferDeclined,
    OfferExpired,
    PlaceOffered,
)
from services.booking.domain.party import Party, checked
from services.booking.domain.place import Attendance
from shared.kernel.ids import BookingId, OccasionId, OfferId, RecipientId

BookingState = Literal["confirmed", "waiting", "offered", "declined", "expired", "cancelled"]
LIVING: frozenset[BookingState] = frozenset({"confirmed", "waiting", "offered"})
LARGER_THAN_ROOM = "larger-than-room"


@dataclass(frozen=True, slots=True)
class Booking:
    """One party's booking. `link_hash` is the SHA-256 (hex) of its link secret, never the secret.

    `offer_id` is the newest offer made to it; `sequence` the number of its last fact.
    """

    id: BookingId
    occasion_id: OccasionId
    recipient_id: RecipientId
    party: Party
    state: BookingState
    link_hash: str
    created_at: datetime
    flags: tuple[str, ...] = ()
    sequence: int = 0
    offer_id: OfferId | None = None
    attended: Attendance | None = None
    reason: str | None = None
    version: int = 0

    @property
    def is_living(self) -> bool:
        """Whether the party still stands on its occasion."""
        return self.state in LIVING


def new_booking(
    facts: tuple[BookingFact, ...],
    *,
    party: Party,
    link_hash: str,
    created_at: datetime,
    flags: tuple[str, ...] = (),
) -> Booking:
    """The record that begins with the facts of a request; raises ValueError without any."""
    if not facts:
        raise ValueError("a booking begins with a fact")
    first = facts[0]
    booking = Booking(
        id=first.booking_id,
        occasion_id=first.occasion_id,
        recipient_id=first.recipient_id,
        party=party,
        state="waiting",
        link_hash=link_hash,
        created_at=created_at,
        flags=flags,
    )
    return followed(booking, *facts)


def followed(booking: Booking, *facts: BookingFact) -> Booking:
    """The booking after the facts; those of others, and those already followed, are skipped.

    Raises ValueError when a number in between is missing: a fact was lost on the way.
    """
    for fact in facts:
        if fact.booking_id != booking.id or fact.sequence <= booking.sequence:
            continue
        if fact.sequence != booking.sequence + 1:
            raise ValueError("a fact is missing")
        booking = replace(_after(booking, fact), sequence=fact.sequence)
    return booking


def with_party(booking: Booking, party: Party) -> Booking:
    """The booking with other numbers of pupils and adults; raises as `group` does."""
    return replace(booking, party=checked(party))


def _after(booking: Booking, fact: BookingFact) -> Booking:
    match fact:
        case BookingConfirmed():
            return replace(booking, state="confirmed")
        case BookingWaitlisted(larger_than_room=larger):
            return _flagged(replace(booking, state="waiting"), larger=larger)
        case PlaceOffered(offer_id=offer_id):
            return replace(booking, state="offered", offer_id=offer_id)
        case OfferExpired():
            return replace(booking, state="expired")
        case OfferDeclined():
            return replace(booking, state="declined")
        case BookingCancelled(reason=reason):
            return replace(booking, state="cancelled", reason=reason)
        case _:
            return _after_change(booking, fact)


def _after_change(booking: Booking, fact: BookingFact) -> Booking:
    match fact:
        case BookingMoved(state=state, larger_than_room=larger):
            moved = replace(booking, occasion_id=fact.occasion_id, state=state, offer_id=None)
            return _flagged(moved, larger=larger)
        case (
            HeadCountChanged(larger_than_room=larger)
            | LargerThanRoomChanged(larger_than_room=larger)
        ):
            return _flagged(booking, larger=larger)
        case AttendanceRecorded(pupils=pupils, adults=adults):
            return replace(booking, attended=Attendance(pupils, adults))
        case _:
            return booking


def _flagged(booking: Booking, *, larger: bool) -> Booking:
    others = tuple(flag for flag in booking.flags if flag != LARGER_THAN_ROOM)
    return replace(booking, flags=(*others, LARGER_THAN_ROOM) if larger else others)
