"""A booking goes to another occasion in one step: never both, never neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar, cast

from services.booking.domain.moving import move
from services.booking.domain.requesting import WhenFull
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
from shared.kernel.ids import BookingId, OccasionId
from shared.observability.cause import current_cause

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class MoveBooking:
    """Move a booking to another occasion, if there is room or it may wait there."""

    bookings: Bookings
    decisions: Decisions

    async def __call__(
        self,
        booking_id: BookingId,
        target_id: OccasionId,
        *,
        when_full: WhenFull,
        version: int,
        by: Actor,
        once: Any,
        present: Callable[[Standing], A],
    ) -> A:
        """Raises NotFound, ChangedElsewhere, and what leaving and joining raise."""
        record = await self.bookings.read(booking_id, by=by)

        async def attempt() -> A:
            return await self._attempt(record, target_id, when_full, version, once, present)

        return await again_while_others_are_faster(attempt)

    async def _attempt(
        self,
        record: BookingRecord,
        target_id: OccasionId,
        when_full: WhenFull,
        version: int,
        once: Any,
        present: Callable[[Standing], A],
    ) -> A:
        ledger = self.decisions.ledger
        source = await ledger.load(record.occasion_id, asked_before=[once] if once else [])
        if once and once.id in source.answered:
            return cast("A", _given_again(source.answered[once.id]))
        ensure_seen(version, source.occasion.place_of(record.id).sequence)
        target = await ledger.load(target_id)
        left, joined, facts = move(
            source.occasion,
            target.occasion,
            record.id,
            when_full=when_full,
            **self.decisions.moment().given(),
        )
        answer = present(standing_of(replace(record, occasion_id=target_id), joined))
        saving = Saving(occasions=[(source.occasion, left), (target.occasion, joined)])
        for before, after in saving.occasions:
            saving.changes.extend(mirrored(before, after, facts, {}, {}))
        cause = current_cause()
        saving.told = [(news, cause) for news in self.decisions.news(facts, left, joined)]
        if once:
            saving.once = [(once, answer)]
        await ledger.save(saving)
        return answer


def _given_again(kept: Any) -> Any:
    if isinstance(kept, Exception):
        raise kept
    return kept
