"""Emergency access: a reason, an hour at most, told at once, judged by somebody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from services.mentoring.domain.access import Granted, Refused, is_called_upon, relations_of
from services.mentoring.domain.break_glass import (
    REASONS,
    end_glass,
    glass_of,
    live_glass,
    open_glass,
    review_glass,
    second_glass,
)
from services.mentoring.domain.circle import set_lead_away
from services.mentoring.domain.facts import GlassAsked, GlassOpened
from services.mentoring.domain.ids import GlassId, Username
from services.mentoring.domain.rules import (
    GlassAwaitsReview,
    GlassIsAsked,
    GlassIsReviewed,
    GlassStillOpen,
    GlassTooLong,
    GlassUnknown,
    NotNamed,
    ReasonMissing,
    SecondPersonNeeded,
    SomebodyElseReviews,
)
from services.mentoring.policy import sees
from shared.kernel.refusal import NotFound
from tests.unit.mentoring.casework import (
    HOUR,
    KARIN,
    NOW,
    OMAR,
    SARA,
    STRANGER,
    TODAY,
    actor,
    case_in,
)

G = GlassId("g")
MINUTE = timedelta(minutes=1)
HOLDER = actor(STRANGER, "case-lead")
PROTECTED = case_in("active", protected=True, protected_circle=frozenset({KARIN, SARA}))


def test_a_colleague_sees_at_once_and_only_for_so_long() -> None:
    """The access begins now, and at the minute it ends there is no case again."""
    case, facts = open_glass(case_in("active"), G, "threat-to-life", 20, by=STRANGER, now=NOW)
    assert isinstance(sees(case, HOLDER, NOW, "read", "notes"), Granted)
    assert isinstance(sees(case, HOLDER, NOW + 19 * MINUTE, "read", "notes"), Granted)
    assert sees(case, HOLDER, NOW + 20 * MINUTE, "read", "notes") == Refused(NotFound)
    (fact,) = facts
    assert isinstance(fact, GlassOpened)
    assert (fact.until, fact.tell) == (NOW + 20 * MINUTE, (KARIN,))


def test_it_is_its_holders_alone() -> None:
    """While a colleague looks nobody else does, and they no longer than it lasts."""
    case, _ = open_glass(case_in("active"), G, "covering", 60, by=STRANGER, now=NOW)
    other = actor("olga.other", "case-lead")
    assert sees(case, other, NOW, "read", "overview") == Refused(NotFound)
    assert relations_of(case, other, NOW) == frozenset()
    held = [live_glass(case, who, NOW) for who in (STRANGER, Username("olga.other"))]
    assert [each and each.id for each in held] == [G, None]
    assert live_glass(case, STRANGER, NOW + HOUR) is None


def test_a_notice_is_for_whoever_stands_there_or_is_named() -> None:
    """A named colleague may be asked to confirm; a stranger is told of no case, named for none."""
    asked, _ = open_glass(PROTECTED, G, "covering", 60, by=STRANGER, now=NOW)
    unnamed = replace(PROTECTED, circle=(), protected_circle=frozenset({OMAR}))
    was_named = replace(unnamed, protected=False)
    assert is_called_upon(asked, actor(KARIN, "case-lead"), NOW)
    assert not is_called_upon(asked, HOLDER, NOW)
    assert is_called_upon(unnamed, actor(OMAR, "case-lead"), NOW)
    assert not is_called_upon(was_named, actor(OMAR, "case-lead"), NOW)
    assert is_called_upon(case_in("active"), actor(KARIN, "case-lead"), NOW)


def test_it_lets_nobody_write() -> None:
    """Whoever looks in an emergency changes nothing."""
    case, _ = open_glass(case_in("active"), G, "covering", 60, by=STRANGER, now=NOW)
    for group in ("plan", "notes", "identity"):
        assert not isinstance(sees(case, HOLDER, NOW, "write", group), Granted)


def test_an_absent_lead_is_told_and_so_is_who_acts() -> None:
    """Both the lead and the stand-in who acts are told."""
    case, _ = set_lead_away(case_in("active"), TODAY, by=KARIN, now=NOW)
    _, facts = open_glass(case, G, "covering", 60, by=STRANGER, now=NOW)
    assert [fact.tell for fact in facts if isinstance(fact, GlassOpened)] == [(KARIN, OMAR)]


@pytest.mark.parametrize("minutes", [-5, 0, 61, 600])
def test_it_never_lasts_longer_than_an_hour(minutes: int) -> None:
    """One to sixty minutes, nothing else."""
    shortest, _ = open_glass(case_in("active"), G, "covering", 1, by=STRANGER, now=NOW)
    assert live_glass(shortest, STRANGER, NOW + MINUTE) is None
    with pytest.raises(GlassTooLong):
        open_glass(case_in("active"), G, "covering", minutes, by=STRANGER, now=NOW)


def test_it_needs_a_reason_from_the_list() -> None:
    """Curiosity is not on the list."""
    with pytest.raises(ReasonMissing):
        open_glass(case_in("active"), G, "curiosity", 5, by=STRANGER, now=NOW)
    assert set(REASONS) == {"cannot-consent", "threat-to-life", "covering", "confirm-identity"}


def test_nobody_strings_one_hour_to_the_next() -> None:
    """The same person opens again only when the last access is judged; a colleague still can."""
    case, _ = open_glass(case_in("active"), G, "covering", 60, by=STRANGER, now=NOW)
    with pytest.raises(GlassAwaitsReview):
        open_glass(case, GlassId("h"), "covering", 60, by=STRANGER, now=NOW + 2 * HOUR)
    case, _ = open_glass(case, GlassId("h"), "covering", 60, by=OMAR, now=NOW + 2 * HOUR)
    case, _ = review_glass(case, G, "justified", by=KARIN, now=NOW + 2 * HOUR)
    open_glass(case, GlassId("i"), "covering", 60, by=STRANGER, now=NOW + 2 * HOUR)


def test_a_review_is_somebody_elses_and_looks_back() -> None:
    """Not the opener, not while it is open, not twice."""
    case, _ = open_glass(case_in("active"), G, "covering", 60, by=STRANGER, now=NOW)
    with pytest.raises(GlassStillOpen):
        review_glass(case, G, "justified", by=KARIN, now=NOW + 59 * MINUTE)
    with pytest.raises(SomebodyElseReviews):
        review_glass(case, G, "justified", by=STRANGER, now=NOW + HOUR)
    with pytest.raises(ReasonMissing):
        review_glass(case, G, "fine", by=KARIN, now=NOW + HOUR)
    case, _ = review_glass(case, G, "not-justified", by=KARIN, now=NOW + HOUR)
    with pytest.raises(GlassIsReviewed):
        review_glass(case, G, "justified", by=SARA, now=NOW + HOUR)
    with pytest.raises(GlassUnknown):
        review_glass(case, GlassId("other"), "justified", by=SARA, now=NOW + HOUR)


def test_it_can_be_given_back_early() -> None:
    """After that the review need not wait; a second time is quiet."""
    case, _ = open_glass(case_in("active"), G, "covering", 60, by=STRANGER, now=NOW)
    case, facts = end_glass(case, G, by=STRANGER, now=NOW + MINUTE)
    assert len(facts) == 1
    assert sees(case, HOLDER, NOW + MINUTE, "read", "plan") == Refused(NotFound)
    assert end_glass(case, G, by=STRANGER, now=NOW + MINUTE) == (case, ())
    review_glass(case, G, "justified", by=KARIN, now=NOW + MINUTE)


def test_nobody_takes_an_emergency_access_from_a_colleague() -> None:
    """A holder ends their own only; whoever watches over the case ends any."""
    case, _ = open_glass(case_in("active"), G, "covering", 60, by=STRANGER, now=NOW)
    with pytest.raises(GlassUnknown):
        end_glass(case, G, own_only=True, by=OMAR, now=NOW)
    case, facts = end_glass(case, G, by=KARIN, now=NOW)
    assert len(facts) == 1
    assert not glass_of(case, G).is_live(NOW)


def test_a_protected_identity_opens_only_by_two() -> None:
    """Asking shows nothing; a named colleague's yes starts the minutes."""
    case, facts = open_glass(PROTECTED, G, "threat-to-life", 30, by=STRANGER, now=NOW)
    assert isinstance(facts[0], GlassAsked)
    assert facts[0].tell == (KARIN, SARA)
    assert sees(case, HOLDER, NOW, "read", "notes") == Refused(NotFound)
    later = NOW + 10 * MINUTE
    case, _ = second_glass(case, G, by=SARA, now=later)
    assert glass_of(case, G).until == later + 30 * MINUTE
    assert isinstance(sees(case, HOLDER, later, "read", "notes"), Granted)
    with pytest.raises(SomebodyElseReviews):
        review_glass(case, G, "justified", by=SARA, now=later + HOUR)
    review_glass(case, G, "justified", by=KARIN, now=later + HOUR)


def test_the_second_person_is_another_named_one_within_the_hour() -> None:
    """Not oneself, not somebody unnamed, not too late, not twice."""
    case, _ = open_glass(PROTECTED, G, "covering", 60, by=STRANGER, now=NOW)
    with pytest.raises(SecondPersonNeeded):
        second_glass(case, G, by=STRANGER, now=NOW)
    with pytest.raises(NotNamed):
        second_glass(case, G, by=OMAR, now=NOW)
    with pytest.raises(SecondPersonNeeded):
        second_glass(case, G, by=SARA, now=NOW + HOUR)
    case, _ = second_glass(case, G, by=SARA, now=NOW)
    with pytest.raises(SecondPersonNeeded):
        second_glass(case, G, by=KARIN, now=NOW)


def test_the_named_are_asked_once_an_hour() -> None:
    """The same person's question stands until it is answered or an hour old."""
    case, _ = open_glass(PROTECTED, G, "covering", 60, by=STRANGER, now=NOW)
    with pytest.raises(GlassIsAsked):
        open_glass(case, GlassId("h"), "covering", 60, by=STRANGER, now=NOW + 59 * MINUTE)
    case, facts = open_glass(case, GlassId("h"), "covering", 60, by=STRANGER, now=NOW + HOUR)
    assert [type(fact) for fact in facts] == [GlassAsked]


def test_what_was_only_asked_for_needs_no_review() -> None:
    """A question that nobody answered opened nothing, so there is nothing to judge."""
    case, _ = open_glass(PROTECTED, G, "covering", 60, by=STRANGER, now=NOW)
    assert not glass_of(case, G).awaits_review
    with pytest.raises(GlassUnknown):
        review_glass(case, G, "justified", by=KARIN, now=NOW + HOUR)


def test_a_hole_in_the_rule_would_be_seen() -> None:
    """Negative control: an access that lasted longer would let its holder in after an hour."""
    case, _ = open_glass(case_in("active"), G, "covering", 60, by=STRANGER, now=NOW)
    longer = replace(case.glasses[0], until=NOW + 2 * HOUR)
    case = replace(case, glasses=(longer,))
    assert isinstance(sees(case, HOLDER, NOW + HOUR, "read", "plan"), Granted)
