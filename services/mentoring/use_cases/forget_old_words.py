"""What was said by those who never got a case, forgotten when its time is over (decision 0022)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.kernel.actor import Actor, housekeeping
from shared.kernel.clock import Clock

_BY = housekeeping("forget-old-words")
DECLINED_KEPT = timedelta(days=90)
"""A declined referral: long enough to answer whoever asks why."""
ANSWERED_KEPT = timedelta(days=180)
"""A question that was answered or closed: long enough for the next one about the same."""


class OldWords(Protocol):
    """Words that lie under a key of their own."""

    async def decided_before(self, at: datetime, *, by: Actor) -> Sequence[tuple[str, str]]:
        """(record, whose key) of those decided before then that still hold words."""
        ...

    async def empty(self, record_id: str, *, by: Actor) -> bool:
        """No word and no fingerprint is left; codes and times stay, to be counted."""
        ...


class Forgets(Protocol):
    """The vault's way of deleting a key for good."""

    async def forget(self, person_id: str) -> None:
        """Leave a tombstone, delete the key."""
        ...


@dataclass(frozen=True, slots=True)
class ForgetOldWords:
    """The key first, which blinds every copy; then the row."""

    referrals: OldWords
    consultations: OldWords
    people: Forgets
    clock: Clock

    async def __call__(self) -> bool:
        """Whether it found anything to do."""
        now = self.clock.now()
        declined = await self._forget(self.referrals, now - DECLINED_KEPT)
        answered = await self._forget(self.consultations, now - ANSWERED_KEPT)
        return declined or answered

    async def _forget(self, words: OldWords, before: datetime) -> bool:
        found = await words.decided_before(before, by=_BY)
        for record_id, whose in found:
            await self.people.forget(whose)
            await words.empty(record_id, by=_BY)
        return bool(found)
