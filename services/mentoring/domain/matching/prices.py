"""What one more place would cost: the key to asking "what if" without solving again.

If a mentee were let in at a mentor, somebody there may have to move on, who displaces somebody
else, until a free place, or a mentee who is left without, ends the chain. The best chain from
every mentor at once is a longest path in the solved round; as that was the best answer there is
no chain that gains by coming back, and the paths are found by repeating until nothing changes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from services.mentoring.domain.matching.weights import Worths

NEVER = np.int64(-(2**60))


def changes_when_let_in(
    worth: Worths, allowed: NDArray[np.bool_], places: tuple[int, ...], answer: NDArray[np.intp]
) -> NDArray[np.int64]:
    """For each mentor: how the sum of the others changes if one more takes a place there.

    Nought with a free place, otherwise nought or less; NEVER for a mentor without places.
    """
    room = np.asarray(places, dtype=np.int64)
    rows = np.flatnonzero(answer >= 0)
    at = answer[rows]
    taken = np.bincount(at, minlength=len(room))
    change = np.where(room > taken, 0, NEVER)
    full = (taken > 0) & (room <= taken)
    reach = np.where(allowed[rows], worth[rows], NEVER)
    moving = np.zeros(len(rows), dtype=np.int64)
    better = np.flatnonzero(change == 0)
    own = worth[rows, at]
    while True:
        if len(better):
            onward = (reach[:, better] + change[better]).max(axis=1, initial=NEVER)
            moving = np.maximum(moving, onward)
        found = np.full(len(room), NEVER)
        np.maximum.at(found, at, moving - own)
        before = change
        change = np.where(full, np.maximum(change, found), change)
        better = np.flatnonzero(change > before)
        if not len(better):
            return change
