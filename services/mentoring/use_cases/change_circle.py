"""Who stands around a case, and what they may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from services.mentoring.domain import circle
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId, Username
from services.mentoring.domain.rights import CircleKind, FieldGroup
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.disclosing import LetIn
from services.mentoring.use_cases.pairing import Pairing
from shared.kernel.actor import Actor

A = TypeVar("A")
Present = Callable[[Case], A]
Groups = frozenset[FieldGroup] | None


@dataclass(frozen=True, slots=True)
class Assign:
    """Somebody joins the circle. What a mentor sees is chosen here; the plan only, unless said."""

    work: CaseWork
    pairing: Pairing

    async def __call__(
        self,
        case_id: CaseId,
        username: Username,
        kind: CircleKind,
        *,
        sees: Groups,
        seen: int,
        by: Actor,
        present: Present[A],
    ) -> A:
        """Raises what `CaseWork.change`, `circle.assign` and, for mentors, `Pairing` do."""

        async def decide(at: LetIn) -> Change:
            change = Change.of(circle.assign(at.case, username, kind, sees=sees, **at.given()))
            if kind != "mentor":
                return change
            return await self.pairing.allow(change, at, username)

        return await self.work.change(case_id, "assign", decide, by=by, seen=seen, present=present)


@dataclass(frozen=True, slots=True)
class Unassign:
    """Somebody leaves the circle: their next reading is refused, and what runs for them ends."""

    work: CaseWork

    async def __call__(
        self, case_id: CaseId, username: Username, *, seen: int, by: Actor, present: Present[A]
    ) -> A:
        """Raises what `CaseWork.change` and `circle.unassign` do."""
        return await self.work.change(
            case_id,
            "assign",
            lambda at: Change.of(circle.unassign(at.case, username, **at.given())),
            by=by,
            seen=seen,
            present=present,
        )


@dataclass(frozen=True, slots=True)
class HandOver:
    """Somebody takes another's place in the circle. What they see is chosen, else the plan."""

    work: CaseWork
    pairing: Pairing

    async def __call__(
        self,
        case_id: CaseId,
        leaving: Username,
        to: Username,
        *,
        sees: Groups,
        seen: int,
        by: Actor,
        once: Any,
        present: Present[A],
    ) -> A:
        """Raises what `CaseWork.change`, `circle.hand_over` and, for mentors, `Pairing` do."""

        async def decide(at: LetIn) -> Change:
            change = Change.of(circle.hand_over(at.case, leaving, to, sees=sees, **at.given()))
            if leaving not in at.case.mentors():
                return change
            return await self.pairing.allow(change, at, to)

        return await self.work.change(
            case_id,
            "hand-over",
            decide,
            by=by,
            seen=seen,
            once=once,
            present=present,
        )


@dataclass(frozen=True, slots=True)
class SayLeadIsAway:
    """The stand-in acts as lead up to and including a day; without a day the lead is back."""

    work: CaseWork

    async def __call__(
        self, case_id: CaseId, until: date | None, *, seen: int, by: Actor, present: Present[A]
    ) -> A:
        """Raises what `CaseWork.change`, `circle.set_lead_away` and `set_lead_back` do."""

        def decide(at: Any) -> Change:
            if until is None:
                return Change.of(circle.set_lead_back(at.case, **at.given()))
            return Change.of(circle.set_lead_away(at.case, until, **at.given()))

        return await self.work.change(
            case_id, "set-away", decide, by=by, seen=seen, present=present
        )
