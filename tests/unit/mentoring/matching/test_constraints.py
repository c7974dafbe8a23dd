"""Hard constraints: each forbids alone, and no answer ever breaks one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.errors import NoSuchExample
from scipy.optimize import linear_sum_assignment

from services.mentoring.domain.matching import (
    CONSTRAINTS,
    Mentee,
    Mentor,
    Pair,
    Round,
    Training,
    Window,
    propose,
    what_forbids,
)
from services.mentoring.domain.matching.solved import solve
from tests.unit.mentoring.matching.oracle import breaks, violations
from tests.unit.mentoring.matching.strategies import ON, rounds

SMALL = settings(
    max_examples=500,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
LARGE = settings(SMALL, max_examples=10_000, derandomize=False)

WEEK = (Window(0, 600, 720),)
MENTEE = Mentee(
    "mentee",
    languages=frozenset({"sv"}),
    gender="woman",
    availability=WEEK,
    required_training=frozenset({"threat"}),
    safety_flags=frozenset({"weapon"}),
    movements=frozenset({"m"}),
    neighbourhoods=frozenset({"n"}),
    organisations=frozenset({"o"}),
)
MENTOR = Mentor(
    "mentor",
    languages=frozenset({"sv"}),
    gender="man",
    availability=WEEK,
    training=(Training("threat", ON),),
    background_check=ON - timedelta(days=365),
    cleared_for=frozenset({"weapon"}),
    movements=frozenset({"m"}),
    neighbourhoods=frozenset({"k"}),
    organisations=frozenset({"p"}),
)


def no_answer_breaks_one(asked: Round) -> None:
    pairs = [Pair(one.mentee, one.mentor) for one in propose(asked).proposals]
    assert violations(pairs, asked) == []


@SMALL
@given(rounds(most=8))
def test_no_answer_breaks_a_constraint(asked: Round) -> None:
    """In 500 rounds no proposal breaks a constraint, a limit, or gives somebody two mentors."""
    no_answer_breaks_one(asked)


@pytest.mark.long
@LARGE
@given(rounds(most=8))
def test_no_answer_of_ten_thousand_breaks_a_constraint(asked: Round) -> None:
    """The same in 10,000 ever new rounds."""
    no_answer_breaks_one(asked)


def by_penalty(asked: Round) -> list[Pair]:
    """What must not be built: forbidden pairs cost much instead of being taken out."""
    solved = solve(asked)
    cost = np.where(solved.marks == 0, -solved.worth, 10**12)
    return [
        Pair(solved.asked.mentees[row].id, solved.asked.mentors[column].id)
        for row, column in zip(*linear_sum_assignment(cost), strict=True)
    ]


def test_a_penalty_is_not_enough() -> None:
    """Negative control: where forbidden pairs only cost much, the same check finds them used."""
    hunt = settings(SMALL, max_examples=200, phases=[Phase.generate])
    find(rounds(), lambda asked: bool(violations(by_penalty(asked), asked)), settings=hunt)
    with pytest.raises(NoSuchExample):
        find(rounds(), lambda asked: bool(violations(_proposed(asked), asked)), settings=hunt)


def _proposed(asked: Round) -> list[Pair]:
    return [Pair(one.mentee, one.mentor) for one in propose(asked).proposals]


@SMALL
@given(rounds(most=4))
def test_each_pair_is_judged_as_the_rules_say(asked: Round) -> None:
    """The tables of bits name the same broken constraints as the rules written pair by pair."""
    solved = solve(asked)
    for row, mentee in enumerate(solved.asked.mentees):
        for column, mentor in enumerate(solved.asked.mentors):
            codes = {
                one.code for n, one in enumerate(CONSTRAINTS) if solved.marks[row, column] >> n & 1
            }
            assert codes == breaks(mentee, mentor, asked)


BREAKING: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {
    "language": [({"languages": frozenset({"so"})}, {}), ({}, {"languages": frozenset()})],
    "gender-wish": [
        ({"gender_wish": frozenset({"woman"})}, {}),
        ({}, {"gender_wish": frozenset({"man"})}),
        ({"gender_wish": frozenset({"man"})}, {"gender": "unknown"}),
        ({"gender_wish": frozenset({"unknown"})}, {"gender": "unknown"}),
    ],
    "conflict-of-interest": [
        ({"avoids_organisations": frozenset({"p"})}, {}),
        ({}, {"avoids_organisations": frozenset({"o"})}),
    ],
    "neighbourhood": [
        ({"avoids_neighbourhoods": frozenset({"k"})}, {}),
        ({}, {"avoids_neighbourhoods": frozenset({"n"})}),
        ({}, {"neighbourhoods": frozenset({"n"})}),
        (
            {"same_neighbourhood_is_safe": True, "avoids_neighbourhoods": frozenset({"k", "n"})},
            {"neighbourhoods": frozenset({"n"})},
        ),
    ],
    "movement": [
        ({"avoids_movements": frozenset({"m"})}, {}),
        ({}, {"avoids_movements": frozenset({"m"})}),
    ],
    "load": [({}, {"load": 1}), ({}, {"limit": 0}), ({}, {"load": 5, "limit": 2})],
    "training": [
        ({"required_training": frozenset({"threat", "under-18"})}, {}),
        ({}, {"training": (Training("threat", ON - timedelta(days=1)),)}),
    ],
    "background-check": [
        ({}, {"background_check": None}),
        ({}, {"background_check": ON - timedelta(days=366)}),
        ({}, {"background_check": ON + timedelta(days=1)}),
    ],
    "safety-flag": [({"safety_flags": frozenset({"weapon", "hidden"})}, {})],
    "availability": [
        ({}, {"availability": ()}),
        ({}, {"availability": (Window(1, 600, 720),)}),
        ({}, {"availability": (Window(0, 661, 800),)}),
        ({}, {"availability": (Window(0, 500, 645), Window(0, 690, 800))}),
    ],
}


def test_these_two_may_meet() -> None:
    """On the last day of a training and of a check, with one wish each way met, nothing forbids."""
    assert what_forbids(MENTEE, MENTOR, on=ON) == ()
    near = replace(MENTOR, neighbourhoods=frozenset({"n"}))
    assert what_forbids(replace(MENTEE, same_neighbourhood_is_safe=True), near, on=ON) == ()
    wished = replace(MENTEE, gender_wish=frozenset({"man"}))
    wishing = replace(MENTOR, gender_wish=frozenset({"woman"}))
    assert what_forbids(wished, wishing, on=ON) == ()


def test_every_constraint_is_broken_here() -> None:
    """The cases below cover the whole table of constraints."""
    assert set(BREAKING) == {one.code for one in CONSTRAINTS}


@pytest.mark.parametrize(
    ("code", "of_mentee", "of_mentor"),
    [(code, *case) for code, cases in BREAKING.items() for case in cases],
)
def test_one_broken_constraint_forbids_and_is_named(
    code: str, of_mentee: dict[str, Any], of_mentor: dict[str, Any]
) -> None:
    """A pair that breaks one constraint is refused with that constraint's name, and no other."""
    mentee, mentor = replace(MENTEE, **of_mentee), replace(MENTOR, **of_mentor)
    assert what_forbids(mentee, mentor, on=ON) == (code,)
    (reason,) = propose(Round((mentee,), (mentor,), ON)).unmatched
    assert [one.codes for one in reason.binding] == [(code,)]
    assert reason.nobody == (code,)


def test_a_named_conflict_forbids_that_pair_only() -> None:
    """A pair on the list of conflicts never meets; others with the same answers may."""
    conflicts = frozenset({Pair("mentee", "mentor"), Pair("gone", "mentor")})
    assert what_forbids(MENTEE, MENTOR, on=ON, conflicts=conflicts) == ("conflict-of-interest",)
    other = replace(MENTEE, id="other")
    assert what_forbids(other, MENTOR, on=ON, conflicts=conflicts) == ()
