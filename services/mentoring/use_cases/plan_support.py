"""The plan of support, and the plan of aftercare: whole, versioned, sealed."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, TypeVar

from services.mentoring.domain.case import Case
from services.mentoring.domain.days import day_of
from services.mentoring.domain.ids import CaseId, Username
from services.mentoring.domain.planning import (
    MENTEE,
    Goal,
    Plan,
    PlanKind,
    change_plan,
    new_plan,
)
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.disclosing import Disclosing, LetIn
from services.mentoring.use_cases.records import Opened, Writing, of_person
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """Give the whole plan anew: goals, and actions with owner and day. Earlier versions stay."""

    work: CaseWork
    plans: Writing

    async def __call__(
        self,
        case_id: CaseId,
        kind: PlanKind,
        goals: Sequence[Goal],
        *,
        seen: int,
        by: Actor,
        present: Callable[[Case], A],
    ) -> A:
        """Raises what `CaseWork.change` and `planning.new_plan` do."""

        async def decide(at: LetIn) -> Change:
            plan = new_plan(at.case, kind, goals, **at.given())
            change = Change.of(change_plan(at.case, plan, **at.given()))
            change.inserts.append((self.plans.name, await self._document(at.case, plan)))
            return change

        return await self.work.change(
            case_id, "write", decide, group="plan", seen=seen, by=by, present=present
        )

    async def _document(self, case: Case, plan: Plan) -> Any:
        facts = {
            "kind": plan.kind,
            "plan_version": plan.version,
            "author": plan.author,
            "at": plan.at,
        }
        goals = json.dumps([asdict(goal) for goal in plan.goals], ensure_ascii=False, default=str)
        return await self.plans.sealed(new_id(), of_person(case), facts, {"goals": goals})


@dataclass(frozen=True, slots=True, repr=False)
class PlanSeen:
    """A plan, its newest version's number, its case's version, today, and who can own an action."""

    plan: Opened
    newest: int
    case_version: int
    today: date
    owners: frozenset[Username]


@dataclass(frozen=True, slots=True)
class ReadPlan:
    """A case's plan, the newest version or an earlier one, and which of its actions are late.

    `left_over` are open actions of somebody who is around the case no more: they want a new owner.
    """

    disclosing: Disclosing
    plans: Writing

    async def __call__(
        self, case_id: CaseId, kind: PlanKind, version: int | None, *, by: Actor
    ) -> PlanSeen:
        """Raises NotFound when there is none, or no such version."""
        async with self.disclosing.reading(case_id, "plan", by=by) as (inside, reading):
            case = inside.case
            newest = case.plan_version if kind == "support" else case.aftercare_plan_version
            wanted = newest if version is None else version
            sealed = await self.plans.of_case(case_id, by=by, kind=kind, plan_version=wanted)
            some = await reading.open(sealed)
        if not some.items:
            raise NotFound
        owners = frozenset({MENTEE, *(one.username for one in case.circle)})
        return PlanSeen(some.items[0], newest, case.version, day_of(inside.now), owners)
