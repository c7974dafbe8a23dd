"""From a decision to the bookings' own records: what is new, what changes on the others. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.booking.domain.facts import (
    BookingCancelled,
    BookingFact,
    BookingUnserved,
    Fact,
    OfferDeclined,
    OfferExpired,
)
from services.booking.domain.occasion import Occasion
from services.booking.domain.party import Party
from services.booking.domain.place import Place
from services.booking.use_cases.records import BookingRecord, BookingState, NewBooking, Stood
from shared.kernel.ids import BookingId, OccasionId, OfferId

LARGER = "larger-than-room"
_ENDS: dict[type[Fact], BookingState] = {
    BookingCancelled: "cancelled",
    OfferExpired: "expired",
    OfferDeclined: "declined",
    BookingUnserved: "unserved",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChange:
    """New values on the record of a booking; None leaves a value as it is.

    `back_from` is the number of the record's end, which is taken back with all that was kept of it.
    """

    booking_id: BookingId
    occasion_id: OccasionId
    state: BookingState
    sequence: int
    larger_than_room: bool
    party: Party | None = None
    ended_because: Mapping[str, bytes] | None = None
    offer_id: OfferId | None = None
    stood: Stood | None = None
    back_from: int | None = None


def mirrored(
    before: Occasion,
    after: Occasion,
    facts: Iterable[Fact],
    parties: Mapping[BookingId, Party],
    ends: Mapping[BookingId, Mapping[str, bytes]],
) -> list[RecordChange]:
    """What changed for each party that stands, or stood, on the occasion."""
    if after is before:
        return []
    earlier = {place.booking_id: place for place in before.places}
    changes = [
        _standing(place, after, parties.get(place.booking_id))
        for place in after.places
        if earlier.get(place.booking_id) != place
    ]
    ended = {
        fact.booking_id: fact
        for fact in facts
        if isinstance(fact, BookingFact) and type(fact) in _ENDS
    }
    changes.extend(
        RecordChange(
            booking_id=fact.booking_id,
            occasion_id=after.id,
            state=_ENDS[type(fact)],
            sequence=fact.sequence,
            larger_than_room=False,
            ended_because=ends.get(fact.booking_id),
            offer_id=getattr(fact, "offer_id", None),
            stood=_stood(fact),
        )
        for fact in ended.values()
        if fact.occasion_id == after.id
    )
    return changes


def _stood(fact: BookingFact) -> Stood | None:
    """Where a party stood that cancelled; one whose occasion is cancelled cannot come back."""
    if not isinstance(fact, BookingCancelled) or fact.occasion_cancelled:
        return None
    return Stood(fact.was, fact.joined, fact.overtaken)


def record_of(new: NewBooking, change: RecordChange) -> BookingRecord:
    """The record of a new booking, as the group left it."""
    return BookingRecord(
        id=new.id,
        recipient_id=new.recipient_id,
        occasion_id=change.occasion_id,
        party=change.party or new.party,
        state=change.state,
        sequence=change.sequence,
        link_hash=new.link_hash,
        created_at=new.created_at,
        flags=with_larger(new.flags, larger=change.larger_than_room),
        fingerprint=new.fingerprint,
        needs=new.needs,
        ended_because=change.ended_because,
        offer_id=change.offer_id,
    )


def with_larger(flags: tuple[str, ...], *, larger: bool) -> tuple[str, ...]:
    """The flags, with the one that depends on the room as it is now."""
    kept = tuple(flag for flag in flags if flag != LARGER)
    return (*kept, LARGER) if larger else kept


def _standing(place: Place, after: Occasion, party: Party | None) -> RecordChange:
    return RecordChange(
        booking_id=place.booking_id,
        occasion_id=after.id,
        state=place.state,
        sequence=place.sequence,
        larger_than_room=after.is_larger_than_room(place),
        party=party,
        offer_id=place.offer.offer_id if place.offer else None,
    )
