"""Why a mentee has no proposal: the constraint that, lifted for them alone, would give them one.

*Lifted* means: the pairs that break no other constraint are allowed for this mentee, and the round
is solved again. A constraint binds if the mentee then has a mentor in every best answer. Lifting
`load` means: a place more than the limit, for this mentee. The answers come from the prices of the
solved round (`prices.py`), which is the same as solving again, once for everybody.
"""

from __future__ import annotations

import numpy as np

from services.mentoring.domain.matching.constraints import (
    CONSTRAINTS,
    LOAD,
    Constraint,
    Marks,
    codes_of,
)
from services.mentoring.domain.matching.result import Relaxation, WhyNot
from services.mentoring.domain.matching.solved import NOBODY, Solved
from services.mentoring.domain.matching.weights import Weights, Worths

_LOAD_BIT = 1 << LOAD
_BITS = {1 << number: constraint for number, constraint in enumerate(CONSTRAINTS)}
_PAIRS = tuple((one, other) for one in _BITS for other in _BITS if one < other)


def why_not(solved: Solved) -> tuple[WhyNot, ...]:
    """Look at everybody who is left without."""
    without = np.flatnonzero(solved.answer == NOBODY).tolist()
    if not without:
        return ()
    changes = solved.changes_when_let_in()
    return tuple(_why_not(solved, row, changes) for row in without)


def _why_not(solved: Solved, row: int, changes: Worths) -> WhyNot:
    mentee = solved.asked.mentees[row].id
    broken, worth = solved.marks[row], solved.worth[row]
    if not len(broken):
        return _no_mentors(mentee)
    none_meets = codes_of(int(np.bitwise_and.reduce(broken)))
    marks, gains = broken & ~np.uint16(_LOAD_BIT), worth + changes
    singles = [_lifted((bit,), marks, worth, gains, solved.weights) for bit in _BITS]
    binding = [one for one in singles if one]
    if not binding:
        pairs = [_lifted(bits, marks, worth, gains, solved.weights) for bits in _waiting(marks)]
        binding = [one for one in pairs if one]
    binding.sort(key=lambda one: not one.one_more)
    fewest = int((np.bitwise_count(marks) + (gains <= 0)).min())
    return WhyNot(mentee, tuple(binding), none_meets, fewest, *_said(binding, fewest))


def _waiting(marks: Marks) -> list[tuple[int, ...]]:
    """The pairs of constraints that are worth a try: some mentor breaks no other."""
    seen = set(np.unique(marks[np.bitwise_count(marks) <= 2]).tolist())
    return [
        (one, other)
        for one, other in _PAIRS
        if one | other in seen or (_LOAD_BIT in (one, other) and (one | other) ^ _LOAD_BIT in seen)
    ]


def _lifted(
    bits: tuple[int, ...], marks: Marks, worth: Worths, gains: Worths, weights: Weights
) -> Relaxation | None:
    """What comes of lifting these constraints, if it gives the mentee a mentor."""
    others = np.uint16(sum(bit for bit in bits if bit != _LOAD_BIT))
    possible = (marks & ~others) == 0
    gained = (worth if _LOAD_BIT in bits else gains)[possible]
    gained = gained[gained > 0]
    if not len(gained):
        return None
    constraints = [_BITS[bit] for bit in bits]
    return Relaxation(
        tuple(constraint.code for constraint in constraints),
        len(gained),
        weights.difference(int(gained.max()), "matched") > 0,
        _both(constraints, "sv"),
        _both(constraints, "en"),
    )


def _both(constraints: list[Constraint], language: str) -> str:
    if len(constraints) == 1:
        why = constraints[0].why_sv if language == "sv" else constraints[0].why_en
        return f"{why[0].upper()}{why[1:]}."
    first = "Två saker hindrar tillsammans" if language == "sv" else "Two things together hinder"
    joint = " Och: " if language == "sv" else " And: "
    said = joint.join(one.sv if language == "sv" else one.en for one in constraints)
    return f"{first}: {said}"


def _said(binding: list[Relaxation], fewest: int) -> tuple[str, str]:
    if binding:
        return binding[0].sv, binding[0].en
    return (
        f"Minst {fewest} villkor på en gång skiljer adepten från varje mentor.",
        f"At least {fewest} conditions at once stand between the mentee and every mentor.",
    )


def _no_mentors(mentee: str) -> WhyNot:
    sv, en = "Det finns inga mentorer i omgången.", "There are no mentors in the round."
    return WhyNot(mentee, (), (), None, sv, en)
