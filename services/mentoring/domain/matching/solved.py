"""A round that is solved: what every pair breaks and is worth, and who was assigned to whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.mentoring.domain.matching.assignment import NOBODY, assigned
from services.mentoring.domain.matching.bit_tables import Truths
from services.mentoring.domain.matching.constraints import Marks, forbidden
from services.mentoring.domain.matching.fit import Fit, fit_of
from services.mentoring.domain.matching.prices import changes_when_let_in
from services.mentoring.domain.matching.rounds import Round
from services.mentoring.domain.matching.weights import Weights, Worths, weights_for

__all__ = ["NOBODY", "Solved", "solve"]


@dataclass(frozen=True, slots=True)
class Solved:
    """Tables of mentees × mentors, both ordered by id; `answer` is a column or NOBODY per row."""

    asked: Round
    marks: Marks
    fit: Fit
    existing: Truths
    worth: Worths
    weights: Weights
    answer: NDArray[np.intp]

    def changes_when_let_in(self) -> Worths:
        """For each mentor: what one more mentee there would change for the others."""
        return changes_when_let_in(self.worth, self.marks == 0, self.asked.places(), self.answer)


def solve(asked: Round) -> Solved:
    """The best assignment among the pairs that no constraint forbids."""
    asked = asked.in_order()
    marks, fit, existing = forbidden(asked), fit_of(asked), _existing(asked)
    weights = weights_for(asked.objective, asked.keep_existing, len(asked.mentees))
    worth = weights.of(fit.points, existing)
    answer = assigned(worth, marks == 0, asked.places())
    return Solved(asked, marks, fit, existing, worth, weights, answer)


def _existing(asked: Round) -> Truths:
    existing = np.zeros((len(asked.mentees), len(asked.mentors)), dtype=bool)
    rows = {one.id: row for row, one in enumerate(asked.mentees)}
    columns = {one.id: column for column, one in enumerate(asked.mentors)}
    for pair in asked.existing:
        if pair.mentee in rows and pair.mentor in columns:
            existing[rows[pair.mentee], columns[pair.mentor]] = True
    return existing
