"""Staff's own words about a party are not kept for good: a while after the occasion they go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.booking.use_cases.ports import People, StaffWords
from services.booking.use_cases.staff_words import key_of
from shared.kernel.actor import housekeeping
from shared.kernel.clock import Clock

_AT_A_TIME = 100
_BY = housekeeping("delete-old-words")


@dataclass(frozen=True, slots=True)
class DeleteOldWords:
    """Delete the words, and first the key they were written with: copies are blind then too."""

    words: StaffWords
    people: People
    clock: Clock
    kept: timedelta

    async def __call__(self) -> int:
        """About how many bookings words were deleted."""
        spoken = await self.words.over(self.clock.now() - self.kept, by=_BY, limit=_AT_A_TIME)
        for each in spoken:
            await self.people.forget(key_of(each.recipient_id))
        await self.words.drop([each.booking_id for each in spoken], by=_BY)
        return len(spoken)
