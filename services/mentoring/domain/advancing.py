"""A case goes forward: assessment, planning, support; or it is declined."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.mentoring.domain.break_glass import ensure_reviewed
from services.mentoring.domain.case import Case, Told, enter
from services.mentoring.domain.circle import leave_all
from services.mentoring.domain.concern import ensure_decided
from services.mentoring.domain.days import day_of
from services.mentoring.domain.ids import Username
from services.mentoring.domain.phases import after
from services.mentoring.domain.retention import kept_until
from services.mentoring.domain.rules import (
    AssessmentMissing,
    PlanMissing,
    ReasonMissing,
    ReviewDateMissing,
)

DECLINE_REASONS: frozenset[str] = frozenset(
    {"own-wish", "not-target-group", "other-help", "not-reached", "duplicate"}
)


def begin_assessment(case: Case, *, by: Username, now: datetime) -> Told:
    """From intake; raises NotInThisPhase."""
    return enter(case, "begin-assessment", by=by, now=now)


def begin_planning(case: Case, *, by: Username, now: datetime) -> Told:
    """From assessment, once there is one; raises NotInThisPhase or AssessmentMissing."""
    after(case.phase, "begin-planning")
    if case.assessment_version == 0:
        raise AssessmentMissing
    return enter(case, "begin-planning", by=by, now=now)


def begin_support(case: Case, *, by: Username, now: datetime) -> Told:
    """From planning, with a plan and a review ahead. Missed contact counts from today.

    Raises NotInThisPhase, PlanMissing or ReviewDateMissing.
    """
    after(case.phase, "begin-support")
    if case.plan_goals == 0:
        raise PlanMissing
    if case.next_review_on is None:
        raise ReviewDateMissing
    return enter(replace(case, contact_from=day_of(now)), "begin-support", by=by, now=now)


def decline(case: Case, reason: str, *, by: Username, now: datetime) -> Told:
    """From intake, with a reason: the circle's access ends and the retention clock starts.

    Raises NotInThisPhase, ReasonMissing, ConcernUndecided or GlassNotReviewed.
    """
    after(case.phase, "decline")
    if reason not in DECLINE_REASONS:
        raise ReasonMissing
    ensure_decided(case)
    ensure_reviewed(case)
    case, facts = enter(case, "decline", by=by, now=now, reason=reason)
    case, left = leave_all(case, "declined", by=by, now=now)
    return replace(case, retention_until=kept_until("declined", day_of(now))), facts + left
