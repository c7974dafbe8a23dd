"""Around the cases: referrals, consultations, mentors, pseudonyms, and what refusals say."""

from __future__ import annotations

import random
import re
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from services.mentoring.domain import (
    consent_rules,
    matching_rules,
    meeting_rules,
    mentor_rules,
    record_rules,
    rules,
)
from services.mentoring.domain.consultation import (
    Consultation,
    answer_consultation,
    close_consultation,
    receive_consultation,
)
from services.mentoring.domain.ids import CaseId, ReferralId
from services.mentoring.domain.matching.people import Training, Window
from services.mentoring.domain.mentor import (
    Belonging,
    MentorProfile,
    add_training,
    as_candidate,
    confirm_handbook,
    obstacles,
    put_profile,
    record_background_check,
    set_availability,
    set_pause,
)
from services.mentoring.domain.mentor_rules import (
    CodeOutOfShape,
    DayNotYet,
    EditionUnknown,
    LanguageMissing,
    LimitOutOfRange,
)
from services.mentoring.domain.pseudonyms import FIRST, SECOND, AllTaken, pick
from services.mentoring.domain.record_rules import (
    ConsultationIsAnswered,
    ReferralIsDecided,
    UnknownCode,
)
from services.mentoring.domain.referral import (
    Referral,
    accept_referral,
    decline_referral,
    likely_same,
    link_referral,
    marks_of_a_person,
    receipt_number,
    receive_referral,
)
from services.mentoring.domain.rules import ReasonMissing
from shared.kernel.refusal import Refusal
from tests.unit.mentoring.casework import DAY, HOUR, IDRIS, KARIN, NOW, TODAY

BY: dict[str, Any] = {"by": KARIN, "now": NOW}
OMINOUS = {
    "Död", "Grav", "Kniv", "Vapen", "Blod", "Galge", "Korp", "Krig", "Mörker", "Bomb", "Fängelse",
    "Gäng", "Eld", "Storm", "Fara", "Skugga", "Varg", "Orm", "Sorg", "Is", "Åska", "Kors", "Fiende",
    "Lås", "Bur", "Snara", "Gift", "Yxa", "Svek", "Hot", "Natt", "Likbil", "Vass", "Kamera",
}  # fmt: skip


def referral(**wishes: Any) -> Referral:
    wanted: dict[str, Any] = {"receipt": "AAAA-2222", "kind": "school", "via": "link", **BY}
    name = ReferralId(wishes.pop("name", "r"))
    return receive_referral(name, **(wanted | wishes))[0]


def test_a_referral_is_decided_once() -> None:
    """Accepted, linked or declined: after that every decision is refused."""
    decided = (
        accept_referral(referral(), CaseId("c"), **BY)[0],
        link_referral(referral(), CaseId("c"), **BY)[0],
        decline_referral(referral(), "own-wish", minor=False, **BY)[0],
    )
    assert [one.state for one in decided] == ["accepted", "linked", "declined"]
    for one in decided:
        with pytest.raises(ReferralIsDecided):
            accept_referral(one, CaseId("d"), **BY)
        with pytest.raises(ReferralIsDecided):
            decline_referral(one, "mistake", minor=False, **BY)
    with pytest.raises(ReasonMissing):
        decline_referral(referral(), "no-time", minor=False, **BY)
    with pytest.raises(UnknownCode):
        referral(kind="neighbour")


def test_duplicates_share_a_fingerprint() -> None:
    """One mark in common is enough; none is not, and nobody is a duplicate of themselves."""
    first = referral(name="a", fingerprints=frozenset({"x", "y"}), now=NOW)
    second = referral(name="b", fingerprints=frozenset({"y"}), now=NOW - HOUR)
    third = referral(name="c", fingerprints=frozenset({"z"}), now=NOW)
    fourth = referral(name="d", fingerprints=frozenset({"x"}), now=NOW + HOUR)
    assert likely_same(first, (first, second, third, fourth)) == ("b", "d")
    assert likely_same(third, (first, second)) == ()
    assert likely_same(referral(name="e"), (referral(name="f"),)) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"personal_number": "20101224-1234"}, {"personal_number": "101224-1234"}),
        ({"personal_number": "201012241234"}, {"personal_number": "20101224 1234"}),
        ({"phone": "+46 70-174 06 05"}, {"phone": "070-1740605"}),
        ({"phone": "0046701740605"}, {"phone": "0701740605"}),
    ],
)
def test_the_same_person_written_otherwise_has_the_same_mark(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    """Centuries, dashes, spaces and country codes make no difference."""
    assert marks_of_a_person(**one) == marks_of_a_person(**other)
    assert len(marks_of_a_person(**one)) == 1


def test_a_name_alone_is_nobody() -> None:
    """A name counts with a birth year, and blanks never count."""
    assert marks_of_a_person(name="Alex Berg") == ()
    assert marks_of_a_person(name="Alex Berg", birth_year=2010) == (("name", "Alex Berg", "2010"),)
    assert marks_of_a_person(phone=" - ", email=" ", personal_number="") == ()


def test_a_receipt_can_be_read_aloud() -> None:
    """Two groups of four, without letters and digits that are taken for one another."""
    draws = random.Random(7)
    receipts = {receipt_number(draws.randrange) for _ in range(1000)}
    assert all(re.fullmatch(r"[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}", one) for one in receipts)
    assert len(receipts) == 1000


def test_a_consultation_has_nobody_in_it() -> None:
    """No field for a person; answered or closed once."""
    names = {field.name for field in fields(Consultation)}
    assert names.isdisjoint({"person_id", "recipient_id", "case_id", "name", "email", "phone"})
    asked, _ = receive_consultation(
        "q", via="form", profession="school", topic="worry", municipality="Malmö", **BY
    )
    answered, facts = answer_consultation(asked, **BY)
    assert (answered.state, facts[0].state) == ("answered", "answered")
    with pytest.raises(ConsultationIsAnswered):
        close_consultation(answered, **BY)
    with pytest.raises(UnknownCode):
        receive_consultation("q", via="form", profession="astrologer", topic="worry", **BY)
    assert close_consultation(asked, **BY)[0].state == "closed"


def mentor(**wishes: Any) -> MentorProfile:
    ready = MentorProfile(
        IDRIS,
        languages=frozenset({"sv", "ar"}),
        limit=2,
        background_checked_on=TODAY,
        handbook_edition=3,
    )
    return replace(ready, **wishes)


@pytest.mark.parametrize(
    ("wishes", "load", "found"),
    [
        ({}, 1, ()),
        ({}, 2, ("full",)),
        ({"limit": 0}, 0, ("full",)),
        ({"handbook_edition": 2}, 0, ("handbook",)),
        ({"background_checked_on": None}, 0, ("background-check",)),
        ({"background_checked_on": date(2026, 3, 11)}, 0, ()),
        ({"background_checked_on": date(2026, 3, 10)}, 0, ("background-check",)),
        ({"paused_until": TODAY}, 0, ("paused",)),
        ({"paused_until": TODAY - DAY}, 0, ()),
    ],
)
def test_what_stands_in_the_way_of_one_more_mentee(
    wishes: dict[str, Any], load: int, found: tuple[str, ...]
) -> None:
    """A fresh check, the newest handbook, no pause and room."""
    assert obstacles(mentor(**wishes), load=load, newest_edition=3, today=TODAY) == found


@pytest.mark.parametrize(
    ("wishes", "refusal"),
    [
        ({"limit": 6}, LimitOutOfRange),
        ({"limit": -1}, LimitOutOfRange),
        ({"languages": frozenset()}, LanguageMissing),
        ({"languages": frozenset({"SV"})}, CodeOutOfShape),
        ({"strengths": frozenset({"en lång mening"})}, CodeOutOfShape),
        ({"avoids": Belonging(movements=frozenset({"x" * 41}))}, CodeOutOfShape),
    ],
)
def test_a_profile_is_codes(wishes: dict[str, Any], refusal: type[Refusal]) -> None:
    """Short lower-case codes, a language, and a limit that a volunteer can carry."""
    with pytest.raises(refusal):
        put_profile(mentor(**wishes), **BY)
    assert put_profile(mentor(), **BY)[0].sequence == 1


def test_a_mentors_standing_only_moves_forward() -> None:
    """An older check or edition changes nothing, a coming day or edition is refused."""
    ready = mentor()
    assert record_background_check(ready, TODAY - DAY, **BY) == (ready, ())
    assert confirm_handbook(ready, 3, newest_edition=4, **BY) == (ready, ())
    assert confirm_handbook(ready, 4, newest_edition=4, **BY)[0].handbook_edition == 4
    with pytest.raises(DayNotYet):
        record_background_check(ready, TODAY + DAY, **BY)
    for edition in (0, 5):
        with pytest.raises(EditionUnknown):
            confirm_handbook(ready, edition, newest_edition=4, **BY)


def test_matching_sees_a_mentor_as_the_profile_says() -> None:
    """Languages, what to avoid, times, trainings and today's load are all there."""
    evening = Window(1, 17 * 60, 20 * 60)
    ready, _ = set_availability(
        mentor(avoids=Belonging(movements=frozenset({"m"}))), [evening], **BY
    )
    ready, _ = add_training(ready, Training("exit", TODAY), **BY)
    ready, _ = add_training(ready, Training("exit", TODAY + DAY), **BY)
    ready, _ = set_pause(ready, TODAY, **BY)
    seen = as_candidate(ready, load=1)
    assert (seen.id, seen.languages, seen.load, seen.limit) == (IDRIS, {"sv", "ar"}, 1, 2)
    assert (seen.avoids_movements, seen.availability) == ({"m"}, (evening,))
    assert seen.training == (Training("exit", TODAY + DAY),)
    assert seen.background_check == TODAY


def test_pseudonyms_are_many_and_kind() -> None:
    """Over ten thousand pairs, each of two plain words, none of them ominous."""
    every = [*FIRST, *SECOND]
    assert len(set(every)) == len(every)
    assert len(FIRST) * len(SECOND) > 10_000
    assert all(re.fullmatch(r"[A-ZÅÄÖ][a-zåäö]{1,13}", word) for word in every)
    assert not {word.casefold() for word in every} & {word.casefold() for word in OMINOUS}
    draws = random.Random(7)
    assert pick(draws.randrange, taken=()) in {f"{a}-{b}" for a in FIRST for b in SECOND}


def test_a_pseudonym_that_is_taken_is_not_drawn() -> None:
    """The next draw decides; when all is taken it says so instead of drawing for ever."""
    draws = iter([0, 0, 1, 1])
    assert pick(lambda _: next(draws), {f"{FIRST[0]}-{SECOND[0]}"}) == f"{FIRST[1]}-{SECOND[1]}"
    with pytest.raises(AllTaken):
        pick(lambda _: 0, {f"{FIRST[0]}-{SECOND[0]}"})


def refusals() -> list[type[Refusal]]:
    modules = (rules, record_rules, meeting_rules, consent_rules, mentor_rules, matching_rules)
    return [
        found
        for module in modules
        for found in vars(module).values()
        if isinstance(found, type) and issubclass(found, Refusal) and found is not Refusal
    ]


def test_every_refusal_has_a_name_and_words() -> None:
    """Kinds are unique, kebab-case, and said in Swedish and English with the same facts."""
    kinds = [refusal.kind for refusal in refusals()]
    assert len(set(kinds)) == len(kinds) > 40
    for refusal in refusals():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", refusal.kind)
        assert refusal.sv.endswith(".")
        assert refusal.en.endswith(".")
        gaps = [set(re.findall(r"{(\w+)}", text)) for text in (refusal.sv, refusal.en)]
        assert gaps[0] == gaps[1]
