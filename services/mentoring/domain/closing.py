"""A case is closed by two different people, one after the other, and never into nothing.

There is an aftercare plan, a day on which it is looked back, and a named circle; no emergency
access is left unjudged and no question of a report of concern undecided. Everybody who is not
named loses their access the moment the second person says yes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from services.mentoring.domain.access import is_named
from services.mentoring.domain.break_glass import ensure_reviewed
from services.mentoring.domain.case import (
    Aftercare,
    Case,
    ClosureProposal,
    Relation,
    Told,
    enter,
    tell,
)
from services.mentoring.domain.circle import leave_all, shown
from services.mentoring.domain.concern import ensure_decided
from services.mentoring.domain.days import day_of
from services.mentoring.domain.facts import ClosureProposed, RelationBegan
from services.mentoring.domain.ids import Username
from services.mentoring.domain.phases import after
from services.mentoring.domain.rights import CircleKind
from services.mentoring.domain.rules import (
    AftercarePlanMissing,
    ClosureIsStale,
    DateHasPassed,
    NotNamed,
    NotYourProposal,
    ReasonMissing,
    ReviewDateMissing,
    TwoPeopleClose,
)

OUTCOMES: frozenset[str] = frozenset(
    {"goals-reached", "partly-reached", "own-wish", "moved", "other-help", "lost-contact"}
)
REFUSAL_REASONS: frozenset[str] = frozenset({"too-early", "plan-not-enough", "risk-has-changed"})


def propose_closure(
    case: Case,
    *,
    outcome: str,
    review_on: date | None,
    until: date | None,
    aftercare_lead: Username,
    aftercare_circle: frozenset[Username] = frozenset(),
    by: Username,
    now: datetime,
) -> Told:
    """The first person proposes; the case waits for a second one.

    `review_on` is the day on which the aftercare is looked back, `until` its last day. Raises
    NotInThisPhase, ReasonMissing (outcome), AftercarePlanMissing (also without an open
    goal), ReviewDateMissing, DateHasPassed or NotNamed (protected case).
    """
    after(case.phase, "propose-closure")
    if outcome not in OUTCOMES:
        raise ReasonMissing
    if case.aftercare_plan_version == 0 or case.aftercare_goals == 0:
        raise AftercarePlanMissing
    if review_on is None or until is None:
        raise ReviewDateMissing
    if not day_of(now) < review_on <= until:
        raise DateHasPassed
    others = aftercare_circle - {aftercare_lead}
    if not all(is_named(case, name) for name in (aftercare_lead, *others)):
        raise NotNamed
    proposal = ClosureProposal(
        by,
        now,
        outcome,
        case.aftercare_plan_version,
        review_on,
        until,
        aftercare_lead,
        others,
        came_from=case.phase,
    )
    case, entered = enter(case, "propose-closure", by=by, now=now)
    case, told = _note_proposal(case, proposal, by=by, now=now)
    return case, entered + told


def withdraw_closure(case: Case, *, by: Username, now: datetime) -> Told:
    """The one who proposed takes it back; raises NotInThisPhase or NotYourProposal."""
    proposal = _proposal_of(case)
    if by != proposal.proposed_by:
        raise NotYourProposal
    case = replace(case, closure=None)
    return enter(case, "withdraw-closure", to=proposal.came_from, by=by, now=now)


def refuse_closure(case: Case, reason: str, *, by: Username, now: datetime) -> Told:
    """Somebody else says no, with a reason.

    Raises NotInThisPhase, TwoPeopleClose or ReasonMissing.
    """
    proposal = _proposal_of(case)
    if by == proposal.proposed_by:
        raise TwoPeopleClose
    if reason not in REFUSAL_REASONS:
        raise ReasonMissing
    case = replace(case, closure=None)
    return enter(case, "refuse-closure", to=proposal.came_from, reason=reason, by=by, now=now)


def approve_closure(case: Case, *, by: Username, now: datetime) -> Told:
    """Somebody else says yes to what was proposed, as it was: aftercare begins with its own circle.

    Raises NotInThisPhase, TwoPeopleClose, ClosureIsStale (the aftercare plan changed since),
    DateHasPassed (the review day is no longer ahead), GlassNotReviewed, ConcernUndecided or
    NotNamed (the case became protected meanwhile).
    """
    proposal = _proposal_of(case)
    if by == proposal.proposed_by:
        raise TwoPeopleClose
    if proposal.plan_version != case.aftercare_plan_version:
        raise ClosureIsStale
    if day_of(now) >= proposal.review_on:
        raise DateHasPassed
    ensure_reviewed(case)
    ensure_decided(case)
    case, left = leave_all(case, "closed", by=by, now=now)
    case, entered = enter(case, "approve-closure", reason=proposal.outcome, by=by, now=now)
    case, joined = _begin_aftercare(case, proposal, by=by, now=now)
    aftercare = Aftercare(
        review_on=proposal.review_on,
        until=proposal.until,
        outcome=proposal.outcome,
        closed_by=(proposal.proposed_by, by),
    )
    closed = replace(
        case,
        closure=None,
        aftercare=aftercare,
        contact_alarm=None,
        contact_from=None,
        next_review_on=proposal.review_on,
        review_told_on=None,
        actions_told_to=None,
    )
    return closed, left + entered + joined


def _proposal_of(case: Case) -> ClosureProposal:
    after(case.phase, "approve-closure")
    if case.closure is None:
        raise ValueError("a closing case has a proposal")
    return case.closure


def _note_proposal(case: Case, proposal: ClosureProposal, *, by: Username, now: datetime) -> Told:
    return tell(
        replace(case, closure=proposal),
        ClosureProposed,
        by=by,
        now=now,
        outcome=proposal.outcome,
        aftercare_lead=proposal.aftercare_lead,
        review_on=proposal.review_on,
    )


def _begin_aftercare(case: Case, proposal: ClosureProposal, *, by: Username, now: datetime) -> Told:
    named: list[tuple[Username, CircleKind]] = [(proposal.aftercare_lead, "lead")]
    named += [(name, "aftercare") for name in sorted(proposal.aftercare_circle)]
    facts: Told = (case, ())
    for username, kind in named:
        if not is_named(case, username):
            raise NotNamed
        sees = shown(kind, None)
        case = replace(facts[0], circle=(*facts[0].circle, Relation(username, kind, now, sees)))
        case, told = tell(
            case, RelationBegan, by=by, now=now, username=username, kind=kind, sees=sees
        )
        facts = (case, facts[1] + told)
    return facts
