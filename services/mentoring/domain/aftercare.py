"""Aftercare: its own circle, its own review, and two ways out: the archive, or support again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from services.mentoring.domain.break_glass import ensure_reviewed
from services.mentoring.domain.case import Case, Told, enter, tell
from services.mentoring.domain.circle import leave, leave_all
from services.mentoring.domain.concern import ensure_decided
from services.mentoring.domain.days import day_of
from services.mentoring.domain.facts import AftercareOver
from services.mentoring.domain.ids import CLOCKWORK, Username
from services.mentoring.domain.phases import after
from services.mentoring.domain.record_rules import AftercareRuns
from services.mentoring.domain.retention import kept_until
from services.mentoring.domain.rules import DateHasPassed, ReasonMissing

REOPEN_REASONS: frozenset[str] = frozenset({"own-wish", "new-risk", "relapse", "review"})


def archive(case: Case, *, by: Username, now: datetime) -> Told:
    """Put the case away: everybody's access ends and the retention clock starts.

    A declined case keeps the clock that its decline started. Raises NotInThisPhase, AftercareRuns
    before the day of the review, GlassNotReviewed or ConcernUndecided.
    """
    after(case.phase, "archive")
    if case.aftercare is not None and day_of(now) < case.aftercare.review_on:
        raise AftercareRuns(until=case.aftercare.review_on)
    ensure_reviewed(case)
    ensure_decided(case)
    until = case.retention_until or kept_until("archived", day_of(now))
    case, left = leave_all(case, "archived", by=by, now=now)
    case, entered = enter(case, "archive", by=by, now=now)
    put_away = replace(
        case,
        aftercare=None,
        next_review_on=None,
        review_told_on=None,
        retention_until=until,
    )
    return put_away, left + entered


def reopen(case: Case, reason: str, review_on: date, *, by: Username, now: datetime) -> Told:
    """Support again, with a reason and a next review. The aftercare circle ends, the lead stays.

    Raises NotInThisPhase, ReasonMissing or DateHasPassed.
    """
    after(case.phase, "reopen")
    if reason not in REOPEN_REASONS:
        raise ReasonMissing
    if review_on <= day_of(now):
        raise DateHasPassed
    case, facts = enter(case, "reopen", reason=reason, by=by, now=now)
    named = case.protected_circle
    for relation in case.circle:
        if relation.kind == "aftercare":
            case, left = leave(case, relation, "unassigned", by=by, now=now)
            facts += left
    again = replace(
        case,
        aftercare=None,
        next_review_on=review_on,
        review_told_on=None,
        actions_told_to=None,
        contact_from=day_of(now),
        protected_circle=named,
    )
    return again, facts


def check_aftercare(case: Case, *, by: Username = CLOCKWORK, now: datetime) -> Told:
    """Tell whoever leads once that the last day has passed. Else quiet."""
    if case.aftercare is None or case.aftercare.over_told or not is_over(case, now):
        return case, ()
    lead = case.acting_lead(now)
    told = replace(case, aftercare=replace(case.aftercare, over_told=True))
    return tell(told, AftercareOver, by=by, now=now, tell=(lead,) if lead else ())


def is_over(case: Case, now: datetime) -> bool:
    """Whether the last day of aftercare has passed, so that the case waits to be put away."""
    return case.aftercare is not None and day_of(now) > case.aftercare.until
