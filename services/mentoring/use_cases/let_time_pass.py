"""What time alone does: contact missed, what is overdue, aftercare over, put away."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.mentoring.domain.aftercare import archive, check_aftercare
from services.mentoring.domain.case import Case, Told
from services.mentoring.domain.concern import check_concern
from services.mentoring.domain.contacts import check_contact
from services.mentoring.domain.ids import CLOCKWORK
from services.mentoring.domain.phases import LIVING
from services.mentoring.domain.planning import check_actions
from services.mentoring.domain.reviews import check_review
from services.mentoring.use_cases.case_work import CaseWork
from shared.kernel.actor import Actor, housekeeping
from shared.kernel.refusal import Refusal

_BY = housekeeping("let-time-pass")


class InPhases(Protocol):
    """Cases, for the clockwork."""

    def in_phases(self, phases: frozenset[str], *, by: Actor) -> AsyncIterator[Case]:
        """All of them, one after the other."""
        ...


@dataclass(frozen=True, slots=True)
class LetTimePass:
    """Looks at every case that lives, and at declined ones that wait to be put away."""

    work: CaseWork
    cases: InPhases

    async def __call__(self) -> bool:
        """Whether it found anything to do."""
        found = False
        async for case in self.cases.in_phases(LIVING | {"declined"}, by=_BY):
            for check in _CHECKS:
                found |= await self.work.let_time_decide(case, check)
        return found


def _put_away(case: Case, now: datetime) -> Told:
    if case.phase != "declined":
        return case, ()
    try:
        return archive(case, by=CLOCKWORK, now=now)
    except Refusal:
        return case, ()


_CHECKS: tuple[Callable[[Case, datetime], Told], ...] = (
    lambda case, now: check_contact(case, now=now),
    lambda case, now: check_review(case, now=now),
    lambda case, now: check_actions(case, now=now),
    lambda case, now: check_concern(case, now=now),
    lambda case, now: check_aftercare(case, now=now),
    _put_away,
)
