"""The answer is the best one, breaks as few pairs as it can, and does not depend on any order."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.mentoring.domain.matching import (
    Matching,
    Objective,
    Pair,
    Round,
    TooManyAtOnce,
    Training,
    propose,
)
from services.mentoring.domain.matching.fit import MOST_FIT
from services.mentoring.domain.matching.weights import EXACT_BELOW, weights_for
from tests.unit.mentoring.matching.oracle import best, points, total
from tests.unit.mentoring.matching.strategies import ON, rounds
from tests.unit.mentoring.matching.test_constraints import LARGE, MENTEE, MENTOR, SMALL

FEWER = settings(SMALL, max_examples=100)


def is_the_best(asked: Round) -> None:
    assert total(propose(asked), asked) == best(asked)


@SMALL
@given(rounds())
def test_no_other_assignment_is_better(asked: Round) -> None:
    """For up to seven people a side, the answer equals the best of all assignments, tried out."""
    is_the_best(asked)


@pytest.mark.long
@LARGE
@given(rounds())
def test_no_other_assignment_is_better_in_ten_thousand_rounds(asked: Round) -> None:
    """The same for 10,000 ever new rounds."""
    is_the_best(asked)


@FEWER
@given(rounds(), st.randoms(use_true_random=False))
def test_the_order_told_decides_nothing(asked: Round, chance: Random) -> None:
    """The same people in another order get the same answer to the last letter."""
    mentees, mentors = list(asked.mentees), list(asked.mentors)
    chance.shuffle(mentees)
    chance.shuffle(mentors)
    other = replace(asked, mentees=tuple(mentees), mentors=tuple(mentors))
    assert json.dumps(propose(other).as_json()) == json.dumps(propose(asked).as_json())


@FEWER
@given(rounds(most=6))
def test_a_pair_is_broken_only_if_it_must_be(asked: Round) -> None:
    """Keeping a broken pair that is still allowed, with all that were kept, costs the objective."""
    answer = propose(asked)
    kept = [Pair(one.mentee, one.mentor) for one in answer.proposals if one.kept]
    goal = slice(0, 1) if asked.keep_existing else slice(0, 2)
    for pair in answer.broken:
        with_it = best(asked, must=[*kept, Pair(pair.mentee, pair.mentor)])
        if pair.codes:
            assert with_it is None
        elif with_it is not None:
            assert with_it[goal] < total(answer, asked)[goal]


@FEWER
@given(rounds(most=6))
def test_an_answer_that_is_followed_stands(asked: Round) -> None:
    """When the proposals have become the pairs of today, the next round breaks none of them."""
    first = propose(asked)
    again = propose(_followed(asked, first))
    assert again.broken == ()
    assert {(one.mentee, one.mentor) for one in first.proposals} <= {
        (one.mentee, one.mentor) for one in again.proposals
    }


def _followed(asked: Round, answer: Matching) -> Round:
    held = {one.id: 0 for one in asked.mentors}
    for pair in asked.existing:
        held[pair.mentor] -= 1
    for one in answer.proposals:
        held[one.mentor] += 1
    return replace(
        asked,
        mentors=tuple(replace(one, load=one.load + held[one.id]) for one in asked.mentors),
        existing=frozenset(Pair(one.mentee, one.mentor) for one in answer.proposals),
    )


def two_by_two(keep_existing: bool = True) -> Round:
    """Both pairs of today fit less well than the other two would."""
    ann, bo = replace(MENTEE, id="ann", wanted_strengths=frozenset("a")), replace(MENTEE, id="bo")
    bo = replace(bo, wanted_strengths=frozenset("b"))
    cy, di = (
        replace(MENTOR, id=name, strengths=frozenset(strength), load=1)
        for name, strength in (("cy", "b"), ("di", "a"))
    )
    existing = frozenset({Pair("ann", "cy"), Pair("bo", "di")})
    return Round((ann, bo), (cy, di), ON, existing=existing, keep_existing=keep_existing)


def test_a_pair_is_not_broken_for_fit_unless_asked() -> None:
    """Those who already meet go before a better fit; a round may ask for the other way."""
    assert all(one.kept for one in propose(two_by_two()).proposals)
    moved = propose(two_by_two(keep_existing=False))
    assert not any(one.kept for one in moved.proposals)
    assert [one.codes for one in moved.broken] == [(), ()]


def test_a_pair_is_broken_when_one_more_can_be_helped() -> None:
    """Most people matched goes before pairs of today; best fit with pairs kept does not."""
    asked = two_by_two()
    ann, bo = asked.mentees
    cy, di = asked.mentors
    asked = replace(
        asked,
        mentees=(ann, replace(bo, languages=frozenset({"so"}))),
        mentors=(replace(cy, languages=frozenset({"sv", "so"})), replace(di, load=0)),
        existing=frozenset({Pair("ann", "cy")}),
    )
    answer = propose(asked)
    assert {(one.mentee, one.mentor) for one in answer.proposals} == {("ann", "di"), ("bo", "cy")}
    kept = propose(replace(asked, objective=Objective.BEST_FIT))
    assert {(one.mentee, one.mentor) for one in kept.proposals} == {("ann", "cy")}


def test_who_is_not_in_the_round_keeps_their_place() -> None:
    """A pair of today whose mentee is not asked about still fills the mentor's place."""
    busy = replace(MENTOR, load=1, limit=1)
    elsewhere = frozenset({Pair("elsewhere", "mentor"), Pair("mentee", "gone")})
    answer = propose(Round((MENTEE,), (busy,), ON, existing=elsewhere))
    assert [one.codes for one in answer.unmatched[0].binding] == [("load",)]


def test_a_pair_that_has_become_forbidden_is_broken_and_says_why() -> None:
    """A training that ran out ends a pair of today, by name."""
    old = replace(MENTOR, load=1, training=(Training("threat", ON - timedelta(days=1)),))
    asked = Round((MENTEE,), (old,), ON, existing=frozenset({Pair("mentee", "mentor")}))
    (broken,) = propose(asked).broken
    assert broken.codes == ("training",)


@FEWER
@given(rounds(most=5))
def test_every_proposal_says_why(asked: Round) -> None:
    """The parts of a proposal add up to its fit, at most 100, and each has its two sentences."""
    mentees = {one.id: one for one in asked.mentees}
    mentors = {one.id: one for one in asked.mentors}
    answer = propose(asked)
    for one in answer.proposals:
        assert one.fit == points(mentees[one.mentee], mentors[one.mentor], asked) <= 100
        assert sum(part.points for part in one.why) == one.fit
        assert [part.points for part in one.why] == sorted(
            (part.points for part in one.why), reverse=True
        )
        assert all(0 < part.points <= part.most and part.sv and part.en for part in one.why)
    together = [one.mentee for one in answer.proposals] + [one.mentee for one in answer.unmatched]
    assert sorted(together) == sorted(mentees)
    assert list(answer.proposals) == sorted(answer.proposals, key=lambda one: one.mentee)
    assert list(answer.unmatched) == sorted(answer.unmatched, key=lambda one: one.mentee)


@pytest.mark.parametrize("objective", Objective)
@pytest.mark.parametrize("keep", [True, False])
@pytest.mark.parametrize("pairs", [1, 7, 2000, 8000])
def test_no_sum_of_lower_goals_reaches_a_higher_one(
    objective: Objective, keep: bool, pairs: int
) -> None:
    """Goals never mix, and the largest sum of the largest round is below 2^53."""
    weights = weights_for(objective, keep, pairs)
    most = {"matched": pairs, "kept": pairs, "fit": MOST_FIT * pairs}
    for number, (name, one) in enumerate(weights.goals):
        below = sum(most[lower] * worth for lower, worth in weights.goals[number + 1 :])
        assert 2 * below < one
        assert weights.difference(most[name] * one - below, name) == most[name]
        assert weights.difference(below - most[name] * one, name) == -most[name]
    assert sum(most[name] * worth for name, worth in weights.goals) * 2 < EXACT_BELOW


def test_a_round_that_contradicts_itself_is_refused() -> None:
    """Nobody stands twice, has two mentors, or more pairs than load."""
    pair = Pair("mentee", "mentor")
    with pytest.raises(ValueError, match="twice"):
        Round((MENTEE, MENTEE), (MENTOR,), ON)
    with pytest.raises(ValueError, match="twice"):
        Round((MENTEE,), (), ON, existing=frozenset({pair, Pair("mentee", "other")}))
    with pytest.raises(ValueError, match="load"):
        Round((MENTEE,), (MENTOR,), ON, existing=frozenset({pair}))


def test_a_round_too_large_for_memory_is_refused() -> None:
    """The refusal comes before anything is computed."""
    many = tuple(replace(MENTEE, id=str(n)) for n in range(8001))
    with pytest.raises(TooManyAtOnce):
        Round(many, (), ON)
