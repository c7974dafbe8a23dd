"""What the clock does by itself: offers run out, places go on, lines end, needs are deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.booking.use_cases.decisions import Decisions
from services.booking.use_cases.ports import Bookings, Occasions, People
from shared.kernel.actor import housekeeping
from shared.kernel.clock import Clock

NEEDS_KEPT = timedelta(days=30)
_AT_A_TIME = 100


@dataclass(frozen=True, slots=True)
class SettleWhatIsDue:
    """End the offers whose time is out, make those that are due, tell whoever waited in vain."""

    occasions: Occasions
    decisions: Decisions
    clock: Clock

    async def __call__(self) -> int:
        """How many occasions were settled."""
        by, office = housekeeping("settle-what-is-due"), self.decisions.moment().office
        now = self.clock.now()
        due = await self.occasions.due(now, by=by, limit=_AT_A_TIME)
        for occasion_id, version in due:
            await self.decisions.settle(occasion_id)
            # The moment may come and find nothing to do (nobody in line fits): then it is past.
            occasion = await self.occasions.read(occasion_id, by=by)
            if occasion.version == version:
                later = occasion.settles_at(office, after=now)
                await self.occasions.look_again(occasion_id, version, later, by=by)
        return len(due)


@dataclass(frozen=True, slots=True)
class DeleteOldNeeds:
    """Delete what parties needed, and the key it was written with, 30 days after the occasion."""

    bookings: Bookings
    people: People
    clock: Clock

    async def __call__(self) -> int:
        """How many bookings had their needs deleted."""
        by = housekeeping("delete-old-needs")
        before = self.clock.now() - NEEDS_KEPT
        records = await self.bookings.needs_over(before, by=by, limit=_AT_A_TIME)
        for record in records:
            await self.people.forget(record.recipient_id)
        await self.bookings.drop_needs([record.id for record in records], by=by)
        return len(records)
