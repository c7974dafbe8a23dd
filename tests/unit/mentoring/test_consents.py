"""Consents by age, shares that live by them, and overrides that need another right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.mentoring.domain.case import Case
from services.mentoring.domain.consent import (
    Consent,
    ConsentText,
    Purpose,
    ShareRecipient,
    Voice,
    new_consent,
    voices_needed,
    withdraw_consent,
)
from services.mentoring.domain.consent_rules import (
    ConsentExpires,
    ConsentIsWithdrawn,
    ConsentMissing,
    GuardianNeeded,
    PersonNeeded,
    ShareIsOver,
    ShareTooLong,
    ShareTooWide,
)
from services.mentoring.domain.days import age_on
from services.mentoring.domain.facts import ShareEnded
from services.mentoring.domain.ids import CaseId, ConsentId, ShareId
from services.mentoring.domain.record_rules import UnknownCode
from services.mentoring.domain.rules import ProtectedStaysHere, ReasonMissing
from services.mentoring.domain.sharing import (
    SHAREABLE,
    Share,
    end_share,
    end_shares,
    is_live,
    new_override,
    new_share,
)
from shared.kernel.refusal import NotFound, Refusal
from tests.unit.mentoring.casework import DAY, HOUR, KARIN, NOW, SARA, TODAY, case_in

SCHOOL = ShareRecipient("school", "school-1")
POLICE = ShareRecipient("police", "police-1")
BY: dict[str, Any] = {"by": KARIN, "now": NOW}
PERSON: frozenset[Voice] = frozenset({"person"})
GUARDIAN: frozenset[Voice] = frozenset({"guardian"})
BOTH = PERSON | GUARDIAN


def consented(case: Case, **wishes: Any) -> Consent:
    wanted: dict[str, Any] = {
        "purpose": "coordination",
        "recipient": SCHOOL,
        "text": ConsentText("coordination", 2),
        "voices": PERSON,
        "expires_on": TODAY + 90 * DAY,
        **BY,
    }
    return new_consent(case, ConsentId("c"), **(wanted | wishes))


def shared(case: Case, consent: Consent | None, **wishes: Any) -> Share:
    wanted: dict[str, Any] = {
        "purpose": "coordination",
        "recipient": SCHOOL,
        "groups": frozenset({"plan"}),
        "until": TODAY + 30 * DAY,
        **BY,
    }
    return new_share(case, ShareId("s"), consent, **(wanted | wishes))


@pytest.mark.parametrize(
    ("age", "purpose", "needed"),
    [
        (0, "coordination", GUARDIAN),
        (12, "coordination", GUARDIAN),
        (13, "coordination", PERSON),
        (17, "coordination", PERSON),
        (None, "coordination", PERSON),
        (12, "story", GUARDIAN),
        (13, "story", BOTH),
        (17, "story", BOTH),
        (None, "story", PERSON),
    ],
)
def test_who_consents_depends_on_age(
    age: int | None, purpose: Purpose, needed: frozenset[Voice]
) -> None:
    """Under 13 a guardian, from 13 the young person, and both for a minor's story in public."""
    assert voices_needed(age, purpose) == needed


@pytest.mark.parametrize(
    ("eighteenth", "day", "age"),
    [
        ("2027-03-10", "2027-03-10", None),
        ("2027-03-11", "2027-03-10", 17),
        ("2028-03-10", "2027-03-10", 17),
        ("2028-03-11", "2027-03-10", 16),
        ("2032-03-10", "2027-03-10", 13),
        ("2032-03-11", "2027-03-10", 12),
        ("2030-03-01", "2028-02-29", 15),
        ("2030-03-01", "2028-03-01", 16),
        ("2032-02-29", "2027-02-28", 12),
        ("2032-02-29", "2027-03-01", 13),
    ],
)
def test_age_changes_on_the_birthday(eighteenth: str, day: str, age: int | None) -> None:
    """Whole years, counted back from the eighteenth birthday, leap days included."""
    assert age_on(date.fromisoformat(eighteenth), date.fromisoformat(day)) == age


@pytest.mark.parametrize(
    ("minor_until", "voices", "purpose", "refusal"),
    [
        (date(2033, 1, 1), PERSON, "coordination", GuardianNeeded),
        (date(2033, 1, 1), frozenset(), "coordination", GuardianNeeded),
        (date(2030, 1, 1), GUARDIAN, "coordination", PersonNeeded),
        (date(2030, 1, 1), PERSON, "story", GuardianNeeded),
        (date(2030, 1, 1), GUARDIAN, "story", PersonNeeded),
        (None, GUARDIAN, "coordination", PersonNeeded),
        (None, PERSON, "curiosity", UnknownCode),
    ],
)
def test_the_wrong_voice_is_no_consent(
    minor_until: date | None,
    voices: frozenset[Voice],
    purpose: str,
    refusal: type[Refusal],
) -> None:
    """A consent without the right voice is not stored at all."""
    with pytest.raises(refusal):
        consented(case_in("active", minor_until=minor_until), voices=voices, purpose=purpose)


def test_whose_age_nobody_knows_is_taken_for_a_child_who_can_say_yes() -> None:
    """Help is not held up, but nobody's story is told in public without a guardian's word."""
    somebody = case_in("active", age_unknown=True)
    assert consented(somebody, voices=PERSON, purpose="coordination")
    with pytest.raises(GuardianNeeded):
        consented(somebody, voices=PERSON, purpose="story")


def test_a_consent_has_a_last_day_within_a_year() -> None:
    """Not today, not for ever."""
    for expires in (TODAY, TODAY - DAY, date(2028, 3, 11)):
        with pytest.raises(ConsentExpires):
            consented(case_in("active"), expires_on=expires)
    assert consented(case_in("active"), expires_on=date(2028, 3, 10)).is_valid(NOW)


def test_a_consent_counts_through_the_day_before_it_expires() -> None:
    """And not once withdrawn; withdrawing twice is refused, and another case's is not found."""
    case = case_in("active")
    consent = consented(case, expires_on=TODAY + 2 * DAY)
    assert consent.is_valid(NOW + DAY)
    assert not consent.is_valid(NOW + 2 * DAY)
    case, withdrawn, _ = withdraw_consent(case, consent, by=KARIN, now=NOW + HOUR)
    assert not withdrawn.is_valid(NOW + HOUR)
    with pytest.raises(ConsentIsWithdrawn):
        withdraw_consent(case, withdrawn, **BY)
    with pytest.raises(NotFound):
        withdraw_consent(case, replace(consent, case_id=CaseId("other")), **BY)


@pytest.mark.parametrize(
    "wishes",
    [
        {"recipient": POLICE},
        {"recipient": ShareRecipient("school", "school-2")},
        {"purpose": "onward-referral"},
    ],
)
def test_a_consent_is_for_one_purpose_and_one_recipient(wishes: dict[str, Any]) -> None:
    """Nothing is shared for another purpose, nor with a neighbour of the recipient."""
    case = case_in("active")
    with pytest.raises(ConsentMissing):
        shared(case, consented(case), **wishes)


def test_nothing_is_shared_without_a_valid_consent() -> None:
    """None, withdrawn, expired, or of another case: all the same no."""
    case = case_in("active")
    consent = consented(case)
    for wrong in (
        None,
        replace(consent, withdrawn_at=NOW),
        replace(consent, expires_on=TODAY),
        replace(consent, case_id=CaseId("other")),
    ):
        with pytest.raises(ConsentMissing):
            shared(case, wrong)


def test_a_share_is_no_wider_or_longer_than_its_purpose_and_consent() -> None:
    """Only what the purpose needs, and not a day beyond the consent."""
    case = case_in("active")
    consent = consented(case)
    for groups in (frozenset(), frozenset({"plan", "notes"}), frozenset({"access-log"})):
        with pytest.raises(ShareTooWide):
            shared(case, consent, groups=groups)
    for until in (TODAY, TODAY + 91 * DAY):
        with pytest.raises(ShareTooLong):
            shared(case, consent, until=until)
    assert all("notes" not in groups and "referral" not in groups for groups in SHAREABLE.values())


def test_a_withdrawal_cuts_at_the_next_look() -> None:
    """Before anybody has ended the share, the withdrawn consent already shows nothing."""
    case = case_in("active")
    consent = consented(case)
    share = shared(case, consent)
    assert is_live(share, case, consent, NOW)
    case, withdrawn, _ = withdraw_consent(case, consent, **BY)
    assert not is_live(share, case, withdrawn, NOW)


def test_a_share_dies_with_its_day_its_case_and_its_protection() -> None:
    """At each look: its last day, the phase, protection, and that it is this case and consent."""
    case = case_in("active")
    consent = consented(case)
    share = shared(case, consent)
    assert not is_live(share, case, consent, NOW + 30 * DAY)
    assert not is_live(share, case, None, NOW)
    assert not is_live(share, case, replace(consent, id=ConsentId("d")), NOW)
    assert not is_live(share, replace(case, protected=True), consent, NOW)
    assert not is_live(share, case_in("archived"), consent, NOW)


def test_ending_a_consents_shares_leaves_the_others() -> None:
    """Only what lives by that consent ends; what has ended stays as it was."""
    case = case_in("active")
    mine = shared(case, consented(case))
    other = replace(mine, id=ShareId("t"), consent_id=ConsentId("d"))
    case, ended, facts = end_shares(
        case, (mine, other), "withdrawn", consent_id=ConsentId("c"), **BY
    )
    assert [(one.id, one.why_over) for one in ended] == [("s", "withdrawn")]
    assert [fact.share_id for fact in facts if isinstance(fact, ShareEnded)] == ["s"]
    assert end_shares(case, ended, "closed", **BY) == (case, (), ())
    with pytest.raises(ShareIsOver):
        end_share(case, ended[0], "ended", **BY)


def test_an_override_has_a_reason_and_two_weeks() -> None:
    """Without consent: a reason from the list, never longer, never of a protected identity."""
    case = case_in("active")
    wanted: dict[str, Any] = {
        "purpose": "coordination",
        "recipient": POLICE,
        "groups": frozenset({"identity"}),
        "until": TODAY + 14 * DAY,
        "by": SARA,
        "now": NOW,
    }
    share = new_override(case, ShareId("o"), "threat-to-life", **wanted)
    assert share.override is not None
    assert share.override.by == SARA
    assert is_live(share, case, None, NOW)
    with pytest.raises(ReasonMissing):
        new_override(case, ShareId("o"), "easier", **wanted)
    with pytest.raises(ShareTooLong):
        new_override(case, ShareId("o"), "legal-duty", **(wanted | {"until": TODAY + 15 * DAY}))
    with pytest.raises(ProtectedStaysHere):
        new_override(replace(case, protected=True), ShareId("o"), "legal-duty", **wanted)
