"""What a pair is worth: several goals in one whole number, the first goal always deciding first.

Each goal is a digit of a mixed-radix number, wide enough that the sum of every lower goal over
the whole round can never reach it. All sums stay below 2^53, where float64 (which the solver uses)
is exact, so no rounding decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.mentoring.domain.matching.fit import MOST_FIT, Amounts
from services.mentoring.domain.matching.rounds import Objective

Worths = NDArray[np.int64]
EXACT_BELOW = 2**53

_MOST = {"matched": 1, "kept": 1, "fit": MOST_FIT}
_GOALS: Mapping[tuple[Objective, bool], tuple[str, ...]] = {
    (Objective.MOST_MATCHED, True): ("matched", "kept", "fit"),
    (Objective.MOST_MATCHED, False): ("matched", "fit", "kept"),
    (Objective.BEST_FIT, True): ("kept", "fit", "matched"),
    (Objective.BEST_FIT, False): ("fit", "kept", "matched"),
}


@dataclass(frozen=True, slots=True)
class Weights:
    """How much one of each goal counts, most important first, for at most `pairs` pairs."""

    goals: tuple[tuple[str, int], ...]
    pairs: int

    def of(self, fit: Amounts, kept: NDArray[np.bool_]) -> Worths:
        """The worth of every pair if it were allowed; never below 1."""
        one = dict(self.goals)
        worth = fit.astype(np.int64)
        worth *= one["fit"]
        worth += one["matched"]
        worth[kept] += one["kept"]
        return worth

    def difference(self, worth: int, goal: str) -> int:
        """How much of a goal a difference between two matchings holds; may be negative."""
        for name, one in self.goals:
            amount = (2 * worth + one) // (2 * one)
            if name == goal:
                return amount
            worth -= amount * one
        raise KeyError(goal)


def weights_for(objective: Objective, keep_existing: bool, pairs: int) -> Weights:
    """The weights of a round with room for so many pairs."""
    goals: list[tuple[str, int]] = []
    one = 1
    for name in reversed(_GOALS[objective, keep_existing]):
        goals.append((name, one))
        one *= 2 * pairs * _MOST[name] + 1
    if one >= EXACT_BELOW:
        raise OverflowError("too many pairs for exact sums")
    return Weights(tuple(reversed(goals)), pairs)
