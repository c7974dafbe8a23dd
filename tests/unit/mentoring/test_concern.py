"""The question of a report of concern: whose, until when, who is told, and how it is decided."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from services.mentoring.domain.concern import (
    DECIDE_WITHIN,
    check_concern,
    decide_concern,
    is_overdue,
    raise_concern,
)
from services.mentoring.domain.facts import ConcernOverdue, ConcernRaised
from services.mentoring.domain.ids import ReferralId
from services.mentoring.domain.opening import with_identity
from services.mentoring.domain.record_rules import NoConcernOpen, NotAMinor
from services.mentoring.domain.referral import (
    MISTAKE,
    ReferralConcern,
    decline_referral,
    receive_referral,
)
from services.mentoring.domain.rules import ConcernUndecided, ReasonMissing
from services.mentoring.use_cases.identities import Identity
from services.mentoring.use_cases.open_case import minor_until
from tests.unit.mentoring.casework import DAY, KARIN, NOW, OMAR, TODAY, opened

BY: dict[str, Any] = {"by": KARIN, "now": NOW}


def test_a_minors_case_begins_with_the_question_of_concern() -> None:
    """Undecided for a day, then overdue; an adult's case asks nothing."""
    minor = opened(minor_until=TODAY + DAY)
    assert minor.concern.state == "undecided"
    assert not is_overdue(minor, NOW + DECIDE_WITHIN - timedelta(seconds=1))
    assert is_overdue(minor, NOW + DECIDE_WITHIN)
    assert opened().concern.state == "not-asked"
    with pytest.raises(NotAMinor):
        raise_concern(opened(), **BY)
    with pytest.raises(NoConcernOpen):
        decide_concern(opened(), reported=True, reason="harm", **BY)


def test_whose_age_nobody_knows_is_worried_about_too() -> None:
    """Nothing is asked from the start, but no worry is turned away; a birth date settles it."""
    somebody = opened(minor_until=None)
    assert (somebody.age_unknown, somebody.concern.state) == (True, "not-asked")
    asked, facts = raise_concern(somebody, **BY)
    assert asked.concern.state == "undecided"
    assert [fact.tell for fact in facts if isinstance(fact, ConcernRaised)] == [(KARIN,)]
    known = with_identity(somebody, "change", TODAY + DAY, now=NOW)
    assert (known.age_unknown, known.is_minor(NOW), known.concern.state) == (
        False,
        True,
        "undecided",
    )
    grown = with_identity(somebody, "change", TODAY - DAY, now=NOW)
    with pytest.raises(NotAMinor):
        raise_concern(grown, **BY)


def test_who_leads_is_told_once_that_it_should_have_been_decided() -> None:
    """When its day is over, and not before; a new question can be overdue again."""
    minor = opened(minor_until=TODAY + 300 * DAY)
    assert check_concern(minor, now=NOW) == (minor, ())
    late, facts = check_concern(minor, now=NOW + DECIDE_WITHIN)
    assert [fact.tell for fact in facts if isinstance(fact, ConcernOverdue)] == [(KARIN,)]
    assert check_concern(late, now=NOW + 2 * DECIDE_WITHIN) == (late, ())
    decided, _ = decide_concern(late, reported=True, reason="harm", **BY)
    assert check_concern(decided, now=NOW + 2 * DECIDE_WITHIN) == (decided, ())
    again, _ = raise_concern(decided, **BY)
    assert check_concern(again, now=NOW + DECIDE_WITHIN)[1]
    assert check_concern(opened(), now=NOW + DECIDE_WITHIN) == (opened(), ())


def test_a_concern_is_decided_with_a_reason_of_its_own_list() -> None:
    """A reason for a report is none for leaving it, and it can be asked again afterwards."""
    minor = opened(minor_until=TODAY + 300 * DAY)
    asked, facts = raise_concern(minor, by=OMAR, now=NOW + timedelta(hours=1))
    assert asked.concern == minor.concern, "the first deadline stands"
    assert [fact.tell for fact in facts if isinstance(fact, ConcernRaised)] == [(KARIN,)]
    with pytest.raises(ReasonMissing):
        decide_concern(minor, reported=False, reason="harm", **BY)
    with pytest.raises(ReasonMissing):
        decide_concern(minor, reported=True, reason="no-concern", **BY)
    decided, _ = decide_concern(minor, reported=False, reason="no-concern", **BY)
    assert decided.concern.state == "not-reported"
    again, facts = raise_concern(decided, by=OMAR, now=NOW + DAY)
    assert again.concern.state == "undecided"
    assert [fact.tell for fact in facts if isinstance(fact, ConcernRaised)] == [(KARIN,)]


def test_age_follows_the_birthday() -> None:
    """A worry is taken in on the last day of being seventeen; the day after nobody asks."""
    young = opened(minor_until=TODAY + DAY)
    assert raise_concern(young, **BY)[1]
    with pytest.raises(NotAMinor):
        raise_concern(young, by=BY["by"], now=NOW + DAY)


@pytest.mark.parametrize(
    ("birth_date", "personal_number", "eighteenth"),
    [
        ("2010-05-01", "", date(2028, 5, 1)),
        ("", "201005012380", date(2028, 5, 1)),
        ("", "201005612380", date(2028, 5, 1)),
        ("2010-05-01", "200905012380", date(2028, 5, 1)),
        ("2009-05-01", "201005012380", date(2028, 5, 1)),
        ("2008-02-29", "", date(2026, 3, 1)),
        ("", "", None),
    ],
)
def test_a_personal_number_tells_the_age_too(
    birth_date: str, personal_number: str, eighteenth: date | None
) -> None:
    """Whoever is known by a number alone is a minor all the same; of two days the later counts."""
    who = Identity(birth_date=birth_date, personal_number=personal_number)
    assert minor_until(who) == eighteenth


def test_a_worry_about_a_child_does_not_end_with_no_case() -> None:
    """Declined only with the question of a report answered; what came by mistake asks nothing."""
    referral, _ = receive_referral(
        ReferralId("r"), receipt="K7QM-2XFB", kind="school", via="staff",
        fingerprints=frozenset(), **BY,
    )  # fmt: skip
    with pytest.raises(ConcernUndecided):
        decline_referral(referral, "other-help", minor=True, **BY)
    other = ReferralConcern(reported=True, reason="no-concern")
    with pytest.raises(ReasonMissing):
        decline_referral(referral, "other-help", other, minor=True, **BY)
    answered = ReferralConcern(reported=True, reason="risk-of-harm")
    declined, _ = decline_referral(referral, "other-help", answered, minor=True, **BY)
    assert (declined.state, declined.concern) == ("declined", answered)
    for reason, minor in (("other-help", False), (MISTAKE, True)):
        assert decline_referral(referral, reason, minor=minor, **BY)[0].concern is None
