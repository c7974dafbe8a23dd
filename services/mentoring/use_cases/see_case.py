"""What somebody sees of cases: a list of their own, one case, and what was done to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.mentoring.domain.access import Granted
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.rights import FieldGroup
from services.mentoring.domain.step_groups import GROUP_OF_STEP
from services.mentoring.policy import readable, sees
from services.mentoring.use_cases.case_work import username_of
from services.mentoring.use_cases.disclosing import Disclosing
from shared.audit.purposes import Purpose
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as the actor may see it now: what they are to it, which field groups they may read."""

    case: Case
    now: datetime
    relations: frozenset[str]
    groups: frozenset[FieldGroup]

    @classmethod
    def by(cls, actor: Actor, case: Case, granted: Granted, now: datetime) -> Seen:
        """As somebody may see it now."""
        return cls(case, now, frozenset(granted.relations - {"none"}), readable(case, actor, now))


@dataclass(frozen=True, slots=True)
class SomeCases:
    """A page of them, and how many there are."""

    items: Sequence[Seen]
    total: int


class Steps(Protocol):
    """A case's own history."""

    async def of_case(
        self, case_id: str, *, without: Sequence[str], by: Actor, limit: int, offset: int
    ) -> Sealed[tuple[list[Any], int]]:
        """A page, oldest first, and how many there are; `without` steps of these kinds."""
        ...


@dataclass(frozen=True, slots=True)
class ListCases:
    """The cases that you stand around, newest first, by code word pair. Never a name."""

    disclosing: Disclosing

    async def __call__(self, *, by: Actor, limit: int, offset: int) -> SomeCases:
        """Each case that is shown leaves an entry in the audit before the list is given."""
        now = self.disclosing.clock.now()
        around = await self.disclosing.cases.around(username_of(by), by=by)
        mine = [
            (case, found)
            for case in around
            if isinstance(found := sees(case, by, now, "list"), Granted)
        ]
        page = [Seen.by(by, case, found, now) for case, found in mine[offset : offset + limit]]
        sealed = Sealed(page, subjects=[each.case.id for each in page], fields=["overview"])
        shown = await self.disclosing.audit.open(
            by, sealed, purpose=Purpose.CASE_WORK, rule="list-own"
        )
        return SomeCases(shown, len(mine))


@dataclass(frozen=True, slots=True)
class SeeCase:
    """One case: its phase, its circle and its deadlines. Texts and the person are apart.

    What belongs to a field group that you may not read is null.
    """

    disclosing: Disclosing

    async def __call__(self, case_id: CaseId, *, by: Actor) -> Seen:
        """Raises NotFound for a stranger, as for a case that does not exist."""
        async with self.disclosing.reading(case_id, "overview", by=by) as (inside, reading):
            seen = Seen.by(by, inside.case, inside.granted, inside.now)
            return await reading.open(Sealed(seen, subjects=[case_id], fields=["overview"]))


@dataclass(frozen=True, slots=True)
class SeeSteps:
    """What was done to the case, by whom and when, as far as you may read what it is about."""

    disclosing: Disclosing
    steps: Steps

    async def __call__(
        self, case_id: CaseId, *, by: Actor, limit: int, offset: int
    ) -> tuple[list[Any], int]:
        """Raises NotFound for a stranger, as for a case that does not exist."""
        async with self.disclosing.reading(case_id, "overview", by=by) as (inside, reading):
            seen = readable(inside.case, by, inside.now)
            kinds = [kind for kind, group in GROUP_OF_STEP.items() if group not in seen]
            sealed = await self.steps.of_case(
                case_id, without=kinds, by=by, limit=limit, offset=offset
            )
            return await reading.open(sealed)
