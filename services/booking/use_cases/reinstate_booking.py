"""A cancellation was a mistake: staff take it back (docs/decisions/0045)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from services.booking.domain.place import Place
from services.booking.domain.rules import BookingIsNotCancelled
from services.booking.use_cases.decisions import (
    Decisions,
    again_while_others_are_faster,
    ensure_seen,
)
from services.booking.use_cases.mirror import mirrored
from services.booking.use_cases.ports import Bookings, Saving
from services.booking.use_cases.records import BookingRecord
from services.booking.use_cases.standing import Standing, standing_of
from shared.kernel.actor import Actor
from shared.kernel.ids import BookingId
from shared.observability.cause import current_cause

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class ReinstateBooking:
    """Take a cancellation back: the party has its places again if they are free still.

    Who stood in line stands there again. The party is told, and why it was cancelled is deleted.
    """

    bookings: Bookings
    decisions: Decisions

    async def __call__(
        self,
        booking_id: BookingId,
        *,
        version: int,
        by: Actor,
        once: Any,
        present: Callable[[Standing], A],
    ) -> A:
        """Raises NotFound, ChangedElsewhere, BookingIsNotCancelled and what coming back raises."""

        async def attempt() -> A:
            # Read anew each time: its number is what tells that somebody was faster.
            record = await self.bookings.read(booking_id, by=by)
            return await self._attempt(record, version, once, present)

        return await again_while_others_are_faster(attempt)

    async def _attempt(
        self, record: BookingRecord, version: int, once: Any, present: Callable[[Standing], A]
    ) -> A:
        ledger = self.decisions.ledger
        kept = await ledger.answered(once) if once is not None else None
        if kept is not None:
            return cast("A", kept)
        ensure_seen(version, record.sequence)
        before = (await ledger.load(record.occasion_id)).occasion
        after, facts = before.reinstate(_left(record), **self.decisions.moment().given())
        changes = [
            replace(change, back_from=record.sequence) if change.booking_id == record.id else change
            for change in mirrored(before, after, facts, {}, {})
        ]
        answer, cause = present(standing_of(record, after)), current_cause()
        saving = Saving(occasions=[(before, after)], changes=changes)
        saving.told = [(news, cause) for news in self.decisions.news(facts, after)]
        if once is not None:
            saving.once = [(once, answer)]
        await ledger.save(saving)
        return answer


def _left(record: BookingRecord) -> Place:
    """Its place as it was. Bookings that were cancelled before this was kept had places."""
    if record.state != "cancelled":
        raise BookingIsNotCancelled
    stood = record.stood
    return Place(
        record.id,
        record.recipient_id,
        record.party.size,
        stood.state if stood else "confirmed",
        joined=stood.joined if stood else 0,
        overtaken=stood.overtaken if stood else 0,
        sequence=record.sequence,
    )
