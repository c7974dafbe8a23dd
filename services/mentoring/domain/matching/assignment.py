"""The assignment itself: scipy's solver on pairs that may be, and on nothing else.

A mentor has one column per place. Each mentee also has a column of their own that means *nobody*
and is worth nought, so a solution always exists and a forbidden pair (infinite cost) is never
needed: it cannot be in the answer. With the same rows and columns in the same order the solver
gives the same answer, so a round ordered by id has one answer.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from services.mentoring.domain.matching.weights import Worths

NOBODY = -1


def assigned(
    worth: Worths, allowed: NDArray[np.bool_], places: tuple[int, ...]
) -> NDArray[np.intp]:
    """The column of the mentor for each mentee, or NOBODY; the sum of worth is the highest."""
    answer = np.full(len(worth), NOBODY, dtype=np.intp)
    rows = np.flatnonzero(allowed.any(axis=1))
    if not len(rows):
        return answer
    asking = allowed[rows].sum(axis=0)
    slots = np.repeat(np.arange(len(places)), np.minimum(places, asking))
    cost = np.full((len(rows), len(slots) + len(rows)), np.inf)
    for line, row in enumerate(rows):
        may = allowed[row, slots]
        cost[line, : len(slots)][may] = -worth[row, slots[may]]
    lines = np.arange(len(rows))
    cost[lines, len(slots) + lines] = 0
    _, columns = linear_sum_assignment(cost)
    found = columns < len(slots)
    answer[rows[found]] = slots[columns[found]]
    return answer
