"""The days of a plan's actions: whoever does it and whoever leads is told when one has passed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.mentoring.domain.case import Case
from services.mentoring.domain.circle import leave
from services.mentoring.domain.facts import ActionsLate, Fact
from services.mentoring.domain.planning import (
    MENTEE,
    Goal,
    PlannedAction,
    change_plan,
    check_actions,
    new_plan,
)
from services.mentoring.domain.waiting import waits
from tests.unit.mentoring.casework import DAY, IDRIS, KARIN, NOW, OMAR, TODAY, case_in

BY: dict[str, Any] = {"by": KARIN, "now": NOW}
LATER = NOW + 10 * DAY


def planned(case: Case, *actions: PlannedAction, kind: Any = "support", **goal: Any) -> Case:
    """The case with this plan and no other."""
    plan = new_plan(case, kind, (Goal("g", "Trygga kvällar", actions, **goal),), **BY)
    return change_plan(case, plan, **BY)[0]


def action(name: str, owner: Any = IDRIS, days: int = 1, state: Any = "open") -> PlannedAction:
    return PlannedAction(name, "Ring skolan", owner, TODAY + days * DAY, state)


def told(facts: tuple[Fact, ...]) -> list[tuple[str, ...]]:
    return [fact.tell for fact in facts if isinstance(fact, ActionsLate)]


def test_each_day_that_passes_is_told_once() -> None:
    """Not on the day itself; the day after, to owner and lead; again for the next day."""
    case = planned(case_in("active"), action("a"), action("b", OMAR, 3))
    assert check_actions(case, now=NOW + DAY) == (case, ())
    late, facts = check_actions(case, now=NOW + 2 * DAY)
    assert told(facts) == [tuple(sorted((IDRIS, KARIN)))]
    assert check_actions(late, now=NOW + 3 * DAY) == (late, ())
    later, facts = check_actions(late, now=NOW + 4 * DAY)
    assert told(facts) == [tuple(sorted((KARIN, OMAR)))]
    assert check_actions(later, now=LATER) == (later, ())


def test_what_is_done_or_dropped_is_never_late() -> None:
    """Nor is what stands under a goal that is reached."""
    done = planned(case_in("active"), action("a", state="done"), action("b", state="dropped"))
    reached = planned(case_in("active"), action("a"), state="reached")
    for case in (done, reached):
        assert check_actions(case, now=LATER) == (case, ())
        assert "action-late" not in waits(case, frozenset({"plan"}), LATER)


def test_whoever_has_left_is_told_nothing() -> None:
    """The lead is; the young person's own action is told to the lead alone."""
    case = planned(case_in("active"), action("a"), action("b", MENTEE))
    [mentor] = [one for one in case.circle if one.username == IDRIS]
    gone, _ = leave(case, mentor, "unassigned", **BY)
    assert told(check_actions(gone, now=LATER)[1]) == [(KARIN,)]
    away = replace(case, lead_away_until=TODAY + 30 * DAY)
    assert told(check_actions(away, now=LATER)[1]) == [tuple(sorted((IDRIS, OMAR)))]


def test_the_plan_that_is_followed_counts() -> None:
    """In aftercare the aftercare plan; before and after a case is worked with, none."""
    both = planned(planned(case_in("active"), action("a")), action("b", KARIN), kind="aftercare")
    assert told(check_actions(both, now=LATER)[1]) == [tuple(sorted((IDRIS, KARIN)))]
    cared = replace(both, phase="aftercare")
    assert told(check_actions(cared, now=LATER)[1]) == [(KARIN,)]
    assert check_actions(replace(both, phase="archived"), now=LATER)[1] == ()
