"""From cases and profiles to a round: nothing is proposed that a decision would not allow."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from services.mentoring.domain.access import is_named
from services.mentoring.domain.case import Case, Relation
from services.mentoring.domain.ids import CaseId, Username
from services.mentoring.domain.matching import Objective, Window, propose
from services.mentoring.domain.matching_cases import (
    Offered,
    basis_of,
    in_words,
    round_of,
    what_stands_between,
)
from services.mentoring.domain.matching_needs import MatchingNeeds, as_mentee, record_needs
from services.mentoring.domain.mentor import Belonging, MentorProfile, obstacles
from services.mentoring.domain.mentor_rules import CodeOutOfShape, LanguageMissing
from services.mentoring.domain.rights import PLAN_ONLY
from services.mentoring.domain.rules import NotInThisPhase
from tests.unit.mentoring.casework import KARIN, NOW, TODAY, case_in

BY: dict[str, Any] = {"by": KARIN, "now": NOW}
EVENING = frozenset({Window(1, 1020, 1200)})
LANGUAGES = ["sv", "ar", "so"]
PLACES = ["norr", "syd", "ost"]


def some(draw: random.Random, of: list[str], most: int) -> frozenset[str]:
    return frozenset(draw.sample(of, draw.randint(0, most)))


def mentors_of(draw: random.Random) -> list[MentorProfile]:
    return [
        MentorProfile(
            Username(f"mentor.{n}"),
            languages=some(draw, LANGUAGES, 2) | {"sv"},
            limit=draw.randint(0, 3),
            availability=EVENING,
            known_in=Belonging(neighbourhoods=some(draw, PLACES, 1)),
            paused_until=TODAY if draw.random() < 0.2 else None,
            handbook_edition=draw.choice([1, 2, 2, 2]),
            background_checked_on=TODAY - timedelta(days=draw.choice([10, 300, 300, 364, 365])),
        )
        for n in range(5)
    ]


def cases_of(draw: random.Random, mentors: list[MentorProfile]) -> list[tuple[Case, MatchingNeeds]]:
    found = []
    for n in range(6):
        chosen = draw.choice(mentors).username
        standing = Relation(chosen, "mentor", NOW, PLAN_ONLY)
        case = replace(
            case_in("planning"),
            id=CaseId(f"case-{n}"),
            circle=(standing,) if draw.random() < 0.4 else (),
            protected=draw.random() < 0.3,
            protected_circle=frozenset({draw.choice(mentors).username}),
        )
        needs = MatchingNeeds(
            languages=some(draw, LANGUAGES, 2) | {"sv"},
            availability=EVENING,
            known_in=Belonging(neighbourhoods=some(draw, PLACES, 1)),
        )
        found.append((case, needs))
    return found


@pytest.mark.parametrize("objective", list(Objective))
def test_nothing_is_proposed_that_a_decision_would_not_allow(objective: Objective) -> None:
    """Every pair of hundreds of rounds passes the questions that the decision asks again."""
    paired = 0
    for seed in range(60):
        draw = random.Random(seed)
        mentors = mentors_of(draw)
        cases = cases_of(draw, mentors)
        offered = {}
        for each in mentors:
            load = sum(each.username in case.mentors() for case, _ in cases)
            stands = obstacles(each, load=load, newest_edition=2, today=TODAY)
            offered[each.username] = Offered(each, load, stands)
        asked = round_of(
            cases, list(offered.values()), on=TODAY, objective=objective, keep_existing=seed % 2 > 0
        )
        known = {case.id: (case, needs) for case, needs in cases}
        for proposed in propose(asked).proposals:
            case, needs = known[CaseId(proposed.mentee)]
            mentor = offered[Username(proposed.mentor)]
            between = what_stands_between(case, needs, mentor, on=TODAY)
            # One place that another mentee of the round gives up is a place.
            assert set(between) <= {"load"}
            assert is_named(case, mentor.profile.username)
            assert not mentor.is_kept_back or proposed.kept
            paired += 1
    assert paired > 100


def test_what_stands_between_is_named_and_said() -> None:
    """All of it: constraints of the table, a pause and an unread handbook, in both languages."""
    mentor = MentorProfile(KARIN, frozenset({"sv"}), 1, paused_until=TODAY)
    stands = obstacles(mentor, load=1, newest_edition=1, today=TODAY)
    needs = MatchingNeeds(frozenset({"ar"}))
    codes = what_stands_between(
        case_in("planning", circle=()), needs, Offered(mentor, 1, stands), on=TODAY
    )
    assert set(codes) == {
        "language",
        "load",
        "background-check",
        "availability",
        "handbook",
        "paused",
    }
    sv, en = in_words(codes)
    assert sv.startswith("De har inget gemensamt språk.")
    assert en.endswith("The mentor takes nobody new just now")


def test_a_background_check_is_too_old_on_the_same_day_everywhere() -> None:
    """The profile and the matching agree on when a check is a year old."""
    needs = MatchingNeeds(frozenset({"sv"}), availability=EVENING)
    for days in (363, 364, 365, 366):
        checked = TODAY - timedelta(days=days)
        mentor = MentorProfile(
            KARIN,
            frozenset({"sv"}),
            1,
            availability=EVENING,
            background_checked_on=checked,
        )
        stands = obstacles(mentor, load=0, newest_edition=0, today=TODAY)
        offered = Offered(mentor, 0, stands)
        assert what_stands_between(case_in("active"), needs, offered, on=TODAY) == stands
        assert bool(stands) == (days > 364)


def test_needs_are_recorded_from_the_assessment_on_in_codes() -> None:
    """Not in intake, not without a language, not with a story in place of a code."""
    needs = MatchingNeeds(frozenset({"so"}), first_language="so")
    case, [fact] = record_needs(case_in("assessment"), needs, **BY)
    assert (fact.case_id, as_mentee(case, needs).first_language) == (case.id, "so")
    with pytest.raises(NotInThisPhase):
        record_needs(case_in("intake"), needs, **BY)
    with pytest.raises(LanguageMissing):
        record_needs(case, MatchingNeeds(frozenset()), **BY)
    for story in ("Bor på Storgatan 1", "x" * 41):
        with pytest.raises(CodeOutOfShape):
            record_needs(case, replace(needs, safety_flags=frozenset({story})), **BY)


def test_another_basis_is_another_mentor_need_or_protection() -> None:
    """What a proposal stands on does not change with a note or a contact."""
    case = case_in("active")
    basis = basis_of(case, 1)
    assert basis_of(replace(case, version=9, sequence=12, last_contact_on=TODAY), 1) == basis
    assert basis_of(case, 2) != basis
    assert basis_of(replace(case, circle=()), 1) != basis
    assert basis_of(replace(case, protected=True, protected_circle=frozenset({KARIN})), 1) != basis
