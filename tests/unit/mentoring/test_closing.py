"""Closing by two, aftercare with its own circle, and the two ways out of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from services.mentoring.domain.access import Refused
from services.mentoring.domain.advancing import begin_planning, begin_support, decline
from services.mentoring.domain.aftercare import archive, check_aftercare, reopen
from services.mentoring.domain.break_glass import open_glass, review_glass
from services.mentoring.domain.case import BreakGlass, Case, Concern
from services.mentoring.domain.closing import (
    approve_closure,
    propose_closure,
    refuse_closure,
    withdraw_closure,
)
from services.mentoring.domain.contacts import is_missed
from services.mentoring.domain.facts import AftercareOver, PhaseChanged, RelationEnded
from services.mentoring.domain.ids import GlassId
from services.mentoring.domain.planning import change_plan, new_plan
from services.mentoring.domain.record_rules import AftercareRuns
from services.mentoring.domain.rules import (
    AftercarePlanMissing,
    AssessmentMissing,
    ClosureIsStale,
    ConcernUndecided,
    DateHasPassed,
    GlassNotReviewed,
    NotNamed,
    NotYourProposal,
    PlanMissing,
    ReasonMissing,
    ReviewDateMissing,
    TwoPeopleClose,
)
from services.mentoring.policy import sees
from shared.kernel.refusal import NotFound, Refusal
from tests.unit.mentoring.casework import (
    DAY,
    HOUR,
    IDRIS,
    KARIN,
    NOW,
    OMAR,
    SARA,
    STRANGER,
    TODAY,
    VERA,
    actor,
    case_in,
    closure,
)
from tests.unit.mentoring.commands import GOALS

BY_SARA: dict[str, Any] = {"by": SARA, "now": NOW}
BY_KARIN: dict[str, Any] = {"by": KARIN, "now": NOW}


def proposed(case: Case, **wishes: Any) -> Case:
    wanted: dict[str, Any] = {
        "outcome": "goals-reached",
        "review_on": TODAY + 30 * DAY,
        "until": TODAY + 90 * DAY,
        "aftercare_lead": KARIN,
        "aftercare_circle": frozenset({VERA}),
        "by": KARIN,
        "now": NOW,
    }
    return propose_closure(case, **(wanted | wishes))[0]


@pytest.mark.parametrize(
    ("wishes", "refusal"),
    [
        ({"outcome": "tired"}, ReasonMissing),
        ({"review_on": None}, ReviewDateMissing),
        ({"until": None}, ReviewDateMissing),
        ({"review_on": TODAY}, DateHasPassed),
        ({"review_on": TODAY + 91 * DAY}, DateHasPassed),
    ],
)
def test_a_proposal_is_complete(wishes: dict[str, Any], refusal: type[Refusal]) -> None:
    """An outcome from the list, a review ahead, and a last day not before it."""
    with pytest.raises(refusal):
        proposed(case_in("active"), **wishes)


def test_nobody_is_let_go_without_an_aftercare_plan() -> None:
    """A plan for the support is not one for afterwards."""
    with pytest.raises(AftercarePlanMissing):
        proposed(case_in("active", aftercare_plan_version=0))
    with pytest.raises(AftercarePlanMissing):
        proposed(case_in("active", aftercare_goals=0))


def test_one_person_never_closes() -> None:
    """Whoever proposed neither approves nor refuses; somebody else does."""
    case = proposed(case_in("active"))
    with pytest.raises(TwoPeopleClose):
        approve_closure(case, **BY_KARIN)
    with pytest.raises(TwoPeopleClose):
        refuse_closure(case, "too-early", **BY_KARIN)
    case, _ = approve_closure(case, **BY_SARA)
    assert case.aftercare is not None
    assert case.aftercare.closed_by == (KARIN, SARA)


def test_a_proposal_is_taken_back_by_its_own_and_refused_by_others() -> None:
    """Both lead back to where the case came from, and nothing of the proposal stays."""
    for phase in ("assessment", "planning", "active"):
        case = proposed(case_in(phase))
        with pytest.raises(NotYourProposal):
            withdraw_closure(case, **BY_SARA)
        with pytest.raises(ReasonMissing):
            refuse_closure(case, "no", **BY_SARA)
        taken_back, _ = withdraw_closure(case, **BY_KARIN)
        refused, _ = refuse_closure(case, "plan-not-enough", **BY_SARA)
        for back in (taken_back, refused):
            assert (back.phase, back.closure) == (phase, None)


def test_what_is_approved_is_what_was_proposed() -> None:
    """A changed aftercare plan, or a review day that has come, needs a new proposal."""
    case = proposed(case_in("active"))
    plan = new_plan(case, "aftercare", GOALS, **BY_KARIN)
    changed, _ = change_plan(case, plan, **BY_KARIN)
    with pytest.raises(ClosureIsStale):
        approve_closure(changed, **BY_SARA)
    with pytest.raises(DateHasPassed):
        approve_closure(case, by=SARA, now=NOW + 30 * DAY)


@pytest.mark.parametrize("reviewed", [False, True])
def test_an_unjudged_emergency_access_stops_every_ending(reviewed: bool) -> None:
    """Closing, declining and archiving wait for the review, and go on after it."""
    for phase, end in (
        ("closing", lambda it: approve_closure(it, by=SARA, now=NOW + HOUR)),
        ("intake", lambda it: decline(it, "own-wish", by=KARIN, now=NOW + HOUR)),
        ("aftercare", lambda it: archive(it, by=KARIN, now=NOW + 40 * DAY)),
    ):
        case, _ = open_glass(
            case_in(phase), GlassId("g"), "covering", 5, by=STRANGER, now=NOW
        )  # a colleague looked
        if reviewed:
            case, _ = review_glass(case, GlassId("g"), "justified", by=OMAR, now=NOW + HOUR)
            end(case)
        else:
            with pytest.raises(GlassNotReviewed):
                end(case)


def test_an_undecided_concern_stops_every_ending() -> None:
    """For a minor it is decided first whether to report; coming of age does not answer it."""
    undecided = {"concern": Concern("undecided", NOW), "minor_until": TODAY - DAY}
    with pytest.raises(ConcernUndecided):
        approve_closure(case_in("closing", **undecided), **BY_SARA)
    with pytest.raises(ConcernUndecided):
        decline(case_in("intake", **undecided), "own-wish", **BY_KARIN)
    with pytest.raises(ConcernUndecided):
        archive(case_in("aftercare", **undecided), by=KARIN, now=NOW + 40 * DAY)


def test_closing_ends_everybodys_access_but_the_named() -> None:
    """The mentor, the stand-in and the second are out; lead and aftercare circle are as named."""
    case, facts = approve_closure(case_in("closing"), **BY_SARA)
    ended = {fact.username for fact in facts if isinstance(fact, RelationEnded)}
    assert ended == {KARIN, OMAR, SARA, IDRIS}
    assert {(one.username, one.kind) for one in case.circle} == {
        (KARIN, "lead"),
        (VERA, "aftercare"),
    }
    for gone in (OMAR, SARA, IDRIS):
        who = actor(gone, "case-lead", "mentor")
        assert sees(case, who, NOW, "read", "overview") == Refused(NotFound)


def test_a_case_that_became_protected_is_closed_to_the_named_only() -> None:
    """Somebody proposed for aftercare who is not named stops the closing."""
    protected = {"protected": True, "protected_circle": frozenset({KARIN, SARA})}
    with pytest.raises(NotNamed):
        approve_closure(case_in("closing", **protected), **BY_SARA)
    with pytest.raises(NotNamed):
        proposed(case_in("active", **protected))
    alone = replace(closure(), aftercare_circle=frozenset())
    case, _ = approve_closure(case_in("closing", closure=alone, **protected), **BY_SARA)
    assert case.lead == KARIN
    assert case.protected_circle == {KARIN, SARA}


def test_aftercare_is_looked_back_at_before_it_is_put_away() -> None:
    """Archive waits for the day of the review; then nobody has access and the clock runs."""
    case, _ = approve_closure(case_in("closing"), **BY_SARA)
    assert case.next_review_on == TODAY + 30 * DAY
    with pytest.raises(AftercareRuns):
        archive(case, by=KARIN, now=NOW + 29 * DAY)
    assert check_aftercare(case, now=NOW + 180 * DAY) == (case, ())
    over, [told] = check_aftercare(case, now=NOW + 181 * DAY)
    assert isinstance(told, AftercareOver)
    assert told.tell == (KARIN,)
    assert check_aftercare(over, now=NOW + 182 * DAY) == (over, ())
    put_away, _ = archive(case, by=KARIN, now=NOW + 30 * DAY)
    assert put_away.circle == ()
    assert put_away.retention_until == TODAY + 30 * DAY + 730 * DAY


def test_a_declined_case_keeps_its_short_clock_in_the_archive() -> None:
    """Putting away what never was support does not keep it for longer."""
    case, _ = decline(case_in("intake"), "not-target-group", **BY_KARIN)
    assert (case.circle, case.retention_until) == ((), TODAY + 90 * DAY)
    put_away, _ = archive(case, by=KARIN, now=NOW + 10 * DAY)
    assert put_away.retention_until == TODAY + 90 * DAY


def test_support_can_begin_again_with_a_reason() -> None:
    """The lead stays, the aftercare circle ends, and missed contact counts from today."""
    case, _ = approve_closure(case_in("closing", last_contact_on=TODAY - 60 * DAY), **BY_SARA)
    with pytest.raises(ReasonMissing):
        reopen(case, "bored", TODAY + DAY, **BY_KARIN)
    with pytest.raises(DateHasPassed):
        reopen(case, "relapse", TODAY, **BY_KARIN)
    again, facts = reopen(case, "relapse", TODAY + DAY, **BY_KARIN)
    assert (again.phase, again.lead, len(again.circle)) == ("active", KARIN, 1)
    assert (again.aftercare, again.next_review_on) == (None, TODAY + DAY)
    assert not is_missed(again, NOW)
    assert [fact.reason for fact in facts if isinstance(fact, PhaseChanged)] == ["relapse"]


def test_each_step_forward_stands_on_the_one_before() -> None:
    """No planning without assessment, no support without a plan and a review ahead."""
    with pytest.raises(AssessmentMissing):
        begin_planning(case_in("assessment", assessment_version=0), **BY_KARIN)
    with pytest.raises(PlanMissing):
        begin_support(case_in("planning", plan_goals=0), **BY_KARIN)
    with pytest.raises(ReviewDateMissing):
        begin_support(case_in("planning", next_review_on=None), **BY_KARIN)
    with pytest.raises(ReasonMissing):
        decline(case_in("intake"), "bored", **BY_KARIN)


def test_a_glass_from_before_the_proposal_counts_too() -> None:
    """It does not matter when somebody looked: it is judged before two people close."""
    looked: datetime = NOW - 10 * DAY
    glass = BreakGlass(GlassId("g"), STRANGER, "covering", 5, looked, looked, looked + HOUR)
    with pytest.raises(GlassNotReviewed):
        approve_closure(case_in("closing", glasses=(glass,)), **BY_SARA)
