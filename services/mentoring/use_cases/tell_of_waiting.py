"""Nobody has decided on a referral, or answered a question: those who can are told, twice.

Nothing of it is erased before somebody has decided (decision 0039).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from services.mentoring.domain.ids import Username
from services.mentoring.use_cases.attention import (
    EVERY_DATA_PROTECTION_CONTACT,
    StaffContacts,
    message_to,
)
from shared.contracts.event import News
from shared.kernel.actor import Actor, housekeeping
from shared.kernel.clock import Clock

_BY = housekeeping("tell-of-waiting")
_LEADS = Username("case-lead")
STEPS: tuple[tuple[timedelta, tuple[Username, ...]], ...] = (
    (timedelta(days=3), (_LEADS,)),
    (timedelta(days=7), (_LEADS, EVERY_DATA_PROTECTION_CONTACT)),
)
"""How long something waits, and which roles are told then: three days bridge a week-end."""


class WaitingWords(Protocol):
    """Referrals that were received and questions that are open."""

    async def any_since(self, before: datetime, step: int, *, by: Actor) -> bool:
        """Whether some came before then of which this step has not told."""
        ...

    async def told(self, before: datetime, step: int, news: Sequence[News], *, by: Actor) -> int:
        """Tell the news and mark all of them, together; how many. None: nothing is told."""
        ...


@dataclass(frozen=True, slots=True)
class TellOfWaiting:
    """One neutral message to each, however many wait: somebody should sign in and look."""

    words: WaitingWords
    contacts: StaffContacts
    clock: Clock
    key: bytes

    async def __call__(self) -> bool:
        """Whether it found anything to do."""
        told = False
        for step, (after, roles) in enumerate(STEPS, start=1):
            before = self.clock.now() - after
            if await self.words.any_since(before, step, by=_BY):
                whom = await self.contacts.reachable(roles, by=_BY)
                news = [message_to(username, self.key) for username in whom]
                told |= bool(await self.words.told(before, step, news, by=_BY))
        return told
