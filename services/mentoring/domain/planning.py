"""The plan: goals, and actions with an owner and a day. The aftercare plan is one of its own.

A plan is one document with a version; each change gives the whole plan anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from services.mentoring.domain.case import ActionDay, Case, Told, stay, tell
from services.mentoring.domain.days import day_of
from services.mentoring.domain.facts import ActionsLate, PlanChanged
from services.mentoring.domain.ids import CLOCKWORK, CaseId, Username
from services.mentoring.domain.phases import SUPPORT
from services.mentoring.domain.record_rules import (
    IdTwice,
    OwnerNotInCircle,
    PlanTooLarge,
    TextMissing,
    TextTooLong,
)
from services.mentoring.domain.rules import PlanMissing

PlanKind = Literal["support", "aftercare"]
GoalState = Literal["open", "reached", "dropped"]
ActionState = Literal["open", "done", "dropped"]

MENTEE = Username("mentee")
"""The owner of what the young person does themselves."""

MOST_GOALS, MOST_ACTIONS, LONGEST_TEXT = 20, 30, 2000


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """What somebody does, and by which day."""

    id: str
    text: str
    owner: Username
    due_on: date
    state: ActionState = "open"


@dataclass(frozen=True, slots=True)
class Goal:
    """What shall be reached, and how."""

    id: str
    text: str
    actions: tuple[PlannedAction, ...] = ()
    state: GoalState = "open"


@dataclass(frozen=True, slots=True)
class Plan:
    """All goals at one time. Texts are sealed by whoever keeps it."""

    case_id: CaseId
    kind: PlanKind
    version: int
    goals: tuple[Goal, ...]
    author: Username
    at: datetime


def new_plan(
    case: Case, kind: PlanKind, goals: Sequence[Goal], *, by: Username, now: datetime
) -> Plan:
    """The next version of a case's plan.

    Actions that are open have an owner in the circle, or the young person; what is done keeps the
    name of who did it. Raises NotInThisPhase, PlanMissing (no goal), PlanTooLarge, IdTwice,
    TextMissing, TextTooLong or OwnerNotInCircle.
    """
    stay(case, "change-plan" if kind == "support" else "change-aftercare-plan")
    _ensure_sound(goals)
    owners = {MENTEE, *(one.username for one in case.circle)}
    if kind == "aftercare" and case.closure is not None:
        owners |= {case.closure.aftercare_lead, *case.closure.aftercare_circle}
    for goal in goals:
        if any(it.owner not in owners and it.state == "open" for it in goal.actions):
            raise OwnerNotInCircle
    version = case.plan_version if kind == "support" else case.aftercare_plan_version
    return Plan(case.id, kind, version + 1, tuple(goals), by, now)


def change_plan(case: Case, plan: Plan, *, by: Username, now: datetime) -> Told:
    """The case knows the newest version of its plan; raises NotInThisPhase."""
    if plan.kind == "support":
        stay(case, "change-plan")
        case = replace(
            case,
            plan_version=plan.version,
            plan_goals=_open(plan),
            action_days=_days(plan),
        )
    else:
        stay(case, "change-aftercare-plan")
        case = replace(
            case,
            aftercare_plan_version=plan.version,
            aftercare_goals=_open(plan),
            aftercare_action_days=_days(plan),
        )
    return tell(
        case,
        PlanChanged,
        by=by,
        now=now,
        version=plan.version,
        aftercare=plan.kind == "aftercare",
    )


def open_actions(goals: Sequence[Goal]) -> tuple[PlannedAction, ...]:
    """What is still to be done: open actions of open goals, as they stand in the plan."""
    return tuple(
        action
        for goal in goals
        if goal.state == "open"
        for action in goal.actions
        if action.state == "open"
    )


def overdue(goals: Sequence[Goal], today: date) -> tuple[PlannedAction, ...]:
    """Open actions of open goals whose day has passed, the oldest first."""
    late = [action for action in open_actions(goals) if action.due_on < today]
    return tuple(sorted(late, key=lambda action: (action.due_on, action.id)))


def days_of(case: Case) -> tuple[ActionDay, ...]:
    """The days of the plan that is followed in the case's phase; none where nobody follows one."""
    if case.phase == "aftercare":
        return case.aftercare_action_days
    return case.action_days if case.phase in SUPPORT else ()


def are_late(case: Case, now: datetime) -> bool:
    """Whether the day of some open action has passed."""
    return any(each.on < day_of(now) for each in days_of(case))


def check_actions(case: Case, *, by: Username = CLOCKWORK, now: datetime) -> Told:
    """Tell whoever does it, and whoever leads, once of each day that has passed. Else quiet."""
    told_to, today = case.actions_told_to, day_of(now)
    late = [
        each for each in days_of(case) if each.on < today and (not told_to or each.on > told_to)
    ]
    if not late:
        return case, ()
    around = {one.username for one in case.circle}
    whom = {case.acting_lead(now), *(each.owner for each in late if each.owner in around)}
    newest = max(each.on for each in late)
    told = replace(case, actions_told_to=newest)
    whom_now = tuple(sorted(name for name in whom if name))
    return tell(told, ActionsLate, by=by, now=now, due_on=newest, tell=whom_now)


def _days(plan: Plan) -> tuple[ActionDay, ...]:
    """Of all that is open, the earliest first."""
    days = {ActionDay(action.due_on, action.owner) for action in open_actions(plan.goals)}
    return tuple(sorted(days, key=lambda each: (each.on, each.owner)))


def _open(plan: Plan) -> int:
    return sum(goal.state == "open" for goal in plan.goals)


def _ensure_sound(goals: Sequence[Goal]) -> None:
    if not goals:
        raise PlanMissing
    if len(goals) > MOST_GOALS or any(len(goal.actions) > MOST_ACTIONS for goal in goals):
        raise PlanTooLarge(goals=MOST_GOALS, actions=MOST_ACTIONS)
    parts: list[Goal | PlannedAction] = [*goals, *(it for goal in goals for it in goal.actions)]
    if len({part.id for part in parts}) != len(parts):
        raise IdTwice
    for part in parts:
        if not part.text.strip():
            raise TextMissing
        if len(part.text) > LONGEST_TEXT:
            raise TextTooLong(limit=LONGEST_TEXT)
