"""A booking moves to another occasion: never both, never neither."""

from __future__ import annotations

from datetime import datetime

from services.booking.domain.facts import Fact
from services.booking.domain.occasion import Occasion, OfferIds
from services.booking.domain.office_hours import OfficeCalendar
from services.booking.domain.requesting import WhenFull
from services.booking.domain.rules import BookingIsAlreadyHere
from shared.kernel.ids import BookingId


def move(
    source: Occasion,
    target: Occasion,
    booking_id: BookingId,
    *,
    when_full: WhenFull,
    now: datetime,
    office: OfficeCalendar,
    offer_ids: OfferIds,
) -> tuple[Occasion, Occasion, tuple[Fact, ...]]:
    """Move a booking to another occasion: both halves or neither; save both in one transaction.

    Answers with source and target as they are afterwards. Raises what the two halves raise, and
    BookingIsAlreadyHere when source and target are the same occasion.
    """
    if source.id == target.id:
        raise BookingIsAlreadyHere
    settled, due = source.settle(now=now, office=office, offer_ids=offer_ids)
    left, place, freed = settled.leave_for_move(
        booking_id, now=now, office=office, offer_ids=offer_ids
    )
    joined, arrived = target.join_by_move(
        place,
        from_occasion_id=source.id,
        when_full=when_full,
        now=now,
        office=office,
        offer_ids=offer_ids,
    )
    return left, joined, due + arrived + freed
