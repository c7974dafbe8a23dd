"""The alarm for missed contact, with dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.mentoring.domain.case import Case, ContactDays
from services.mentoring.domain.circle import set_lead_away, unassign
from services.mentoring.domain.contacts import (
    check_contact,
    days_without,
    new_contact,
    record_contact,
    set_contact_rhythm,
)
from services.mentoring.domain.facts import ContactAlarmEscalated, ContactMissed
from services.mentoring.domain.ids import Username
from services.mentoring.domain.phases import PHASES, Phase
from services.mentoring.domain.record_rules import (
    BeforeTheCase,
    ContactDaysUnknown,
    DayIsAhead,
    UnknownWay,
)
from services.mentoring.domain.reviews import check_review, new_review, record_review, set_review
from services.mentoring.domain.rules import DateHasPassed, NotInCircle
from tests.unit.mentoring.casework import DAY, IDRIS, KARIN, NOW, OMAR, STRANGER, TODAY, case_in


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 11, tzinfo=UTC)


def contact(
    case: Case, on: date, *, successful: bool, by: Username = IDRIS, now: datetime | None = None
) -> Case:
    at = now or noon(on)
    made = new_contact(case, "k", on=on, way="call", successful=successful, by=by, now=at)
    return record_contact(case, made, by=by, now=at)[0]


@pytest.mark.parametrize(
    ("every", "support_began", "contacts", "today", "alarmed"),
    [
        (14, "2027-03-01", [], "2027-03-14", False),
        (14, "2027-03-01", [], "2027-03-15", True),
        (30, "2027-03-01", [], "2027-03-30", False),
        (30, "2027-03-01", [], "2027-03-31", True),
        (14, "2027-03-01", [("2027-03-10", True)], "2027-03-23", False),
        (14, "2027-03-01", [("2027-03-10", True)], "2027-03-24", True),
        (14, "2027-03-01", [("2027-03-10", False)], "2027-03-15", True),
        (14, "2027-03-01", [("2027-03-10", True), ("2027-03-20", False)], "2027-03-24", True),
        (14, "2027-03-01", [("2027-03-20", True), ("2027-03-10", True)], "2027-03-25", False),
        (14, "2027-03-20", [("2027-02-01", True)], "2027-03-25", False),
        (14, "2027-03-20", [("2027-02-01", True)], "2027-04-03", True),
    ],
)
def test_the_alarm_counts_days_since_the_last_success(
    every: ContactDays,
    support_began: str,
    contacts: list[tuple[str, bool]],
    today: str,
    alarmed: bool,
) -> None:
    """So many whole days after the last contact that succeeded, or after support began."""
    case = case_in(
        "active",
        contact_every_days=every,
        contact_from=date.fromisoformat(support_began),
        opened_at=noon(date(2027, 1, 1)),
    )
    for on, successful in contacts:
        case = contact(case, date.fromisoformat(on), successful=successful)
    case, facts = check_contact(case, now=noon(date.fromisoformat(today)))
    assert (case.contact_alarm is not None) == alarmed
    assert [isinstance(fact, ContactMissed) for fact in facts] == [True] * alarmed


def test_days_are_days_in_malmo() -> None:
    """At 23:00 UTC in winter it is the next day here."""
    case = case_in("active", contact_from=date(2027, 3, 1))
    before = datetime(2027, 3, 14, 22, 59, tzinfo=UTC)
    assert days_without(case, before) == 13
    assert days_without(case, before + timedelta(minutes=1)) == 14


@pytest.mark.parametrize("phase", PHASES)
def test_only_support_expects_contact(phase: Phase) -> None:
    """Before support, in aftercare and in the archive silence is no alarm."""
    _, facts = check_contact(case_in(phase), now=NOW + 100 * DAY)
    assert bool(facts) == (phase in {"active", "closing"})


def test_the_alarm_is_raised_once_and_stopped_by_success() -> None:
    """The second look is quiet; an attempt changes nothing; a success takes it down."""
    later = NOW + 20 * DAY
    case, facts = check_contact(case_in("active"), now=later)
    assert [fact.tell for fact in facts if isinstance(fact, ContactMissed)] == [(KARIN, IDRIS)]
    assert check_contact(case, now=later) == (case, ())
    case = contact(case, TODAY + 20 * DAY, successful=False)
    assert case.contact_alarm is not None
    case = contact(case, TODAY + 20 * DAY, successful=True)
    assert case.contact_alarm is None


def test_an_old_success_reported_late_stops_nothing() -> None:
    """What lies as far back as the alarm itself does not take it down."""
    later = NOW + 20 * DAY
    case, _ = check_contact(case_in("active"), now=later)
    case = contact(case, TODAY + 3 * DAY, successful=True, now=later)
    assert case.contact_alarm is not None
    assert case.last_contact_on == TODAY + 3 * DAY


def test_only_who_is_in_the_circle_now_is_told() -> None:
    """A mentor who has left is neither told nor counted."""
    case, _ = unassign(case_in("active"), IDRIS, by=KARIN, now=NOW)
    _, facts = check_contact(case, now=NOW + 20 * DAY)
    assert [fact.tell for fact in facts if isinstance(fact, ContactMissed)] == [(KARIN,)]


def test_the_alarm_reaches_the_stand_in_when_the_lead_is_away() -> None:
    """Raised during the absence it goes to the stand-in; raised before, it is passed on once."""
    later = NOW + 20 * DAY
    away, _ = set_lead_away(case_in("active"), TODAY + 30 * DAY, by=KARIN, now=NOW)
    _, facts = check_contact(away, now=later)
    assert [fact.tell for fact in facts if isinstance(fact, ContactMissed)] == [(OMAR, IDRIS)]
    case, _ = check_contact(case_in("active"), now=later)
    case, _ = set_lead_away(case, TODAY + 30 * DAY, by=KARIN, now=later)
    case, facts = check_contact(case, now=later)
    assert [fact.tell for fact in facts if isinstance(fact, ContactAlarmEscalated)] == [(OMAR,)]
    assert check_contact(case, now=later) == (case, ())


def test_the_rhythm_is_the_cases_own() -> None:
    """Fourteen or thirty days; a slower rhythm can take an alarm down."""
    case, _ = check_contact(case_in("active"), now=NOW + 20 * DAY)
    case, _ = set_contact_rhythm(case, 30, by=KARIN, now=NOW + 20 * DAY)
    assert case.contact_alarm is None
    with pytest.raises(ContactDaysUnknown):
        set_contact_rhythm(case, 21, by=KARIN, now=NOW)


def test_a_contact_is_what_somebody_in_the_circle_reports_of_a_day_that_was() -> None:
    """Not from outside, not of tomorrow, not from before the case, not by pigeon."""
    case = case_in("active")
    with pytest.raises(NotInCircle):
        contact(case, TODAY, successful=True, by=STRANGER)
    with pytest.raises(DayIsAhead):
        contact(case, TODAY + DAY, successful=True, now=NOW)
    with pytest.raises(BeforeTheCase):
        contact(case, TODAY - DAY, successful=True, now=NOW)
    with pytest.raises(UnknownWay):
        new_contact(case, "k", on=TODAY, way="pigeon", successful=True, by=IDRIS, now=NOW)


def test_a_missed_review_is_told_once_to_whoever_acts() -> None:
    """The day after its day, once, and again only for the next one missed."""
    case = case_in("active", next_review_on=TODAY)
    assert check_review(case, now=NOW) == (case, ())
    case, facts = check_review(case, now=NOW + DAY)
    assert [fact.tell for fact in facts] == [(KARIN,)]
    assert check_review(case, now=NOW + 2 * DAY) == (case, ())
    held = new_review(case, "r", TODAY + 9 * DAY, by=KARIN, now=NOW + 2 * DAY)
    case, _ = record_review(case, held, by=KARIN, now=NOW + 2 * DAY)
    assert (case.next_review_on, held.due_on) == (TODAY + 9 * DAY, TODAY)
    assert len(check_review(case, now=NOW + 10 * DAY)[1]) == 1


def test_a_review_lies_ahead() -> None:
    """A day that has come is no next review; nobody is reminded of an archived case."""
    with pytest.raises(DateHasPassed):
        set_review(case_in("active"), TODAY, by=KARIN, now=NOW)
    with pytest.raises(DateHasPassed):
        new_review(case_in("active"), "r", TODAY, by=KARIN, now=NOW)
    archived = replace(case_in("archived"), next_review_on=TODAY)
    assert check_review(archived, now=NOW + 9 * DAY) == (archived, ())
