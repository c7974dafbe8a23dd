"""*Why not* is true: checked by lifting each constraint and trying every assignment again."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from numpy.typing import NDArray

from services.mentoring.domain.matching import (
    CONSTRAINTS,
    Objective,
    Pair,
    Relaxation,
    Round,
    WhyNot,
    Window,
    propose,
)
from services.mentoring.domain.matching.assignment import NOBODY, assigned
from services.mentoring.domain.matching.constraints import LOAD
from services.mentoring.domain.matching.solved import Solved, solve
from services.mentoring.domain.matching.why_not import why_not
from tests.bench.matching import round_of
from tests.unit.mentoring.matching.oracle import Terms, best, breaks, matched_of
from tests.unit.mentoring.matching.strategies import ON, rounds
from tests.unit.mentoring.matching.test_constraints import LARGE, MENTEE, MENTOR, SMALL

CODES = tuple(one.code for one in CONSTRAINTS)


def is_true(asked: Round, reason: WhyNot) -> None:
    """Lift one, then two, … and compare: what helps is named, and nothing else is."""
    now = best(asked)
    assert now is not None
    named = {one.codes: one for one in reason.binding}
    for size in (1, 2):
        helps = {}
        for codes in combinations(CODES, size):
            then = best(asked, lifted_for=reason.mentee, lifted=codes)
            assert then is not None
            if then > now:
                helps[codes] = matched_of(then, asked) > matched_of(now, asked)
        if helps:
            assert {codes: one.one_more for codes, one in named.items()} == helps
            assert all(one.mentors == would_do(asked, reason, one, now) for one in reason.binding)
            assert reason.fewest == size
            return
    assert not named
    if asked.mentors:
        assert reason.fewest is not None
        assert reason.fewest > 2


def would_do(asked: Round, reason: WhyNot, lifted: Relaxation, now: Terms) -> int:
    """With how many mentors the round is better when the mentee must be matched with them."""
    pairs = [Pair(reason.mentee, one.id) for one in asked.mentors]
    with_each = (
        best(asked, lifted_for=reason.mentee, lifted=lifted.codes, must=[pair]) for pair in pairs
    )
    return sum(then is not None and then > now for then in with_each)


def all_true(asked: Round) -> None:
    for reason in propose(asked).unmatched:
        is_true(asked, reason)
        mentee = next(one for one in asked.mentees if one.id == reason.mentee)
        broken = [breaks(mentee, mentor, asked) for mentor in asked.mentors]
        assert set(reason.nobody) == (set.intersection(*map(set, broken)) if broken else set())
        others_last = sorted(reason.binding, key=lambda one: not one.one_more)
        assert list(reason.binding) == others_last
        assert reason.sv
        assert reason.en


@settings(SMALL, max_examples=150)
@given(rounds(most=5))
def test_what_is_named_helps_and_nothing_else_does(asked: Round) -> None:
    """Lifting a named constraint gives that mentee a mentor in every best answer; others do not."""
    all_true(asked)


@pytest.mark.long
@settings(LARGE, max_examples=3000)
@given(rounds())
def test_what_is_named_helps_in_thousands_of_rounds(asked: Round) -> None:
    """The same for thousands of ever new, larger rounds."""
    all_true(asked)


def solved_again(solved: Solved, row: int, lifted: int) -> NDArray[np.intp]:
    """The whole round once more, from the beginning, with constraints lifted for one mentee."""
    marks, places, worth = solved.marks.copy(), solved.asked.places(), solved.worth
    marks[row] &= ~np.uint16(lifted)
    if lifted >> LOAD & 1:
        only_here = np.full_like(marks, 1)
        only_here[row] = marks[row]
        marks, worth = np.hstack([marks, only_here]), np.hstack([worth, worth])
        places = (*places, *(1 for _ in places))
    return assigned(worth, marks == 0, places)


def sum_of(solved: Solved, answer: NDArray[np.intp]) -> int:
    rows = np.flatnonzero(answer != NOBODY)
    return int(solved.worth[rows, answer[rows] % solved.worth.shape[1]].sum())


@pytest.mark.parametrize("objective", Objective)
def test_the_prices_are_the_same_as_solving_again(objective: Objective) -> None:
    """For 60 people a side, each constraint lifted and solved anew says what the prices said."""
    solved = solve(replace(round_of(60), objective=objective))
    now, reasons = sum_of(solved, solved.answer), why_not(solved)
    assert len(reasons) > 10
    rows = {one.id: row for row, one in enumerate(solved.asked.mentees)}
    for reason in reasons:
        singles = {one.codes[0] for one in reason.binding if len(one.codes) == 1}
        for number, constraint in enumerate(CONSTRAINTS):
            answer = solved_again(solved, rows[reason.mentee], 1 << number)
            assert (sum_of(solved, answer) > now) == (constraint.code in singles)
            if constraint.code in singles:
                assert answer[rows[reason.mentee]] != NOBODY


def only_reason(asked: Round) -> WhyNot:
    (reason,) = propose(asked).unmatched
    return reason


def test_two_things_together_are_named_as_a_pair() -> None:
    """When no single constraint helps but two do, both are named together."""
    other = replace(MENTEE, languages=frozenset({"so"}), availability=(Window(5, 600, 720),))
    reason = only_reason(Round((other,), (MENTOR,), ON))
    assert [one.codes for one in reason.binding] == [("language", "availability")]
    assert reason.fewest == 2
    assert set(reason.nobody) == {"language", "availability"}


def test_three_things_at_once_are_counted() -> None:
    """When even two are not enough nothing is named as binding, and the answer says how many."""
    other = replace(MENTEE, languages=frozenset({"so"}), availability=())
    asked = Round((other,), (replace(MENTOR, background_check=None),), ON)
    reason = only_reason(asked)
    assert reason.binding == ()
    assert reason.fewest == 3
    assert "3" in reason.sv


def test_a_round_without_mentors_says_so() -> None:
    """Nobody is blamed on a constraint when there is no mentor at all."""
    reason = only_reason(Round((MENTEE,), (), ON))
    assert (reason.binding, reason.nobody, reason.fewest) == ((), (), None)
    assert reason.sv == "Det finns inga mentorer i omgången."


def test_who_would_have_to_give_way_is_told() -> None:
    """A lifted constraint that only takes the mentor from somebody else says that it does."""
    fits_less = replace(MENTEE, id="less")
    speaks_other = replace(
        MENTEE, id="more", languages=frozenset({"so"}), wanted_strengths=frozenset({"calm"})
    )
    mentor = replace(MENTOR, strengths=frozenset({"calm"}))
    reason = only_reason(Round((fits_less, speaks_other), (mentor,), ON))
    assert [(one.codes, one.one_more) for one in reason.binding] == [(("language",), False)]


@pytest.mark.parametrize("length", [1, 2, 6])
def test_a_long_chain_of_moves_is_found(length: int) -> None:
    """One more is helped although everybody in a row must move one mentor on to make room."""
    row = tuple(
        replace(MENTEE, id=f"{n}", languages=frozenset(str(n)), wanted_strengths=frozenset(str(n)))
        for n in range(length)
    )
    mentors = tuple(
        replace(
            MENTOR,
            id=f"{n}",
            languages=frozenset({str(n - 1), str(n)}),
            strengths=frozenset(str(n)),
            organisations=frozenset({"p"} if n else ()),
        )
        for n in range(length + 1)
    )
    new = replace(
        MENTEE, id="new", languages=frozenset({"so"}), avoids_organisations=frozenset({"p"})
    )
    reason = only_reason(Round((*row, new), mentors, ON))
    assert [(one.codes, one.one_more) for one in reason.binding] == [(("language",), True)]
