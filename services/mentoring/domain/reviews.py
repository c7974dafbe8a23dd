"""Reviews: every case that somebody works with has a day on which it is looked at again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from services.mentoring.domain.case import Case, Told, stay, tell
from services.mentoring.domain.days import day_of
from services.mentoring.domain.facts import ReviewHeld, ReviewOverdue, ReviewSet
from services.mentoring.domain.ids import CLOCKWORK, CaseId, Username
from services.mentoring.domain.phases import LIVING
from services.mentoring.domain.rules import DateHasPassed


@dataclass(frozen=True, slots=True)
class Review:
    """What was looked at, on a day in Malmö, and when next. Its words are kept sealed."""

    id: str
    case_id: CaseId
    author: Username
    at: datetime
    due_on: date | None
    next_on: date


def set_review(case: Case, on: date, *, by: Username, now: datetime) -> Told:
    """Decide the day of the next review; raises NotInThisPhase or DateHasPassed."""
    stay(case, "set-review")
    if on <= day_of(now):
        raise DateHasPassed
    decided = replace(case, next_review_on=on, review_told_on=None)
    return tell(decided, ReviewSet, by=by, now=now, on=on)


def new_review(case: Case, review_id: str, next_on: date, *, by: Username, now: datetime) -> Review:
    """A review held today; raises NotInThisPhase or DateHasPassed."""
    stay(case, "set-review")
    if next_on <= day_of(now):
        raise DateHasPassed
    return Review(review_id, case.id, by, now, case.next_review_on, next_on)


def record_review(case: Case, review: Review, *, by: Username, now: datetime) -> Told:
    """The case was reviewed and has its next day; raises NotInThisPhase."""
    stay(case, "set-review")
    held = replace(case, next_review_on=review.next_on, review_told_on=None)
    return tell(held, ReviewHeld, by=by, now=now, next_on=review.next_on)


def is_overdue(case: Case, now: datetime) -> bool:
    """Whether the day of the review has passed while somebody works with the case."""
    due = case.next_review_on
    return case.phase in LIVING and due is not None and day_of(now) > due


def check_review(case: Case, *, by: Username = CLOCKWORK, now: datetime) -> Told:
    """Tell whoever acts as lead once per missed review; else quiet."""
    due = case.next_review_on
    if due is None or not is_overdue(case, now) or case.review_told_on == due:
        return case, ()
    acting = case.acting_lead(now)
    told = replace(case, review_told_on=due)
    return tell(told, ReviewOverdue, by=by, now=now, due_on=due, tell=(acting,) if acting else ())
