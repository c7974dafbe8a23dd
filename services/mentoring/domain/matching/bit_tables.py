"""Sets of codes as rows of bits, so that every pair of a round is compared in a few passes.

A table is uint64 of shape (people, words). Comparisons give (mentees, mentors) and work on blocks
of rows, so that what is held meanwhile stays small beside the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from services.mentoring.domain.matching.people import Codes, Window

Bits = NDArray[np.uint64]
Truths = NDArray[np.bool_]
Counts = NDArray[np.uint16]

_BLOCK = 128
_QUARTERS = 7 * 24 * 4
_WORD = 64


def two_tables(left: Sequence[Codes], right: Sequence[Codes]) -> tuple[Bits, Bits]:
    """Both sides with the same bit for the same code."""
    numbers = {code: n for n, code in enumerate(sorted(set().union(*left, *right)))}
    return _table(left, numbers), _table(right, numbers)


def _table(sets: Sequence[Codes], numbers: dict[str, int]) -> Bits:
    flags = np.zeros((len(sets), _padded(len(numbers))), dtype=bool)
    rows = np.fromiter(chain.from_iterable([n] * len(one) for n, one in enumerate(sets)), np.intp)
    columns = np.fromiter((numbers[code] for one in sets for code in one), np.intp)
    flags[rows, columns] = True
    return _packed(flags)


def week_table(people: Sequence[tuple[Window, ...]]) -> Bits:
    """A bit for each quarter of an hour of the week that lies wholly inside a window."""
    flags = np.zeros((len(people), _padded(_QUARTERS)), dtype=bool)
    for row, windows in enumerate(people):
        for window in windows:
            day = window.weekday * 96
            flags[row, day - (-window.start // 15) : day + window.until // 15] = True
    return _packed(flags)


def starts(week: Bits, quarters: int) -> Bits:
    """A bit where that many quarters in a row begin, within one week from Monday to Sunday."""
    free = np.unpackbits(week.view(np.uint8), axis=1, bitorder="little").astype(bool)
    begins = free.copy()
    for later in range(1, quarters):
        begins[:, :-later] &= free[:, later:]
        begins[:, -later:] = False
    return _packed(begins)


def overlap(left: Bits, right: Bits) -> Truths:
    """True where the two have a code in common."""
    found = np.zeros((len(left), len(right)), dtype=bool)
    for rows, word in _parts(left):
        found[rows] |= (left[rows, None, word] & right[None, :, word]) != 0
    return found


def lacking(left: Bits, right: Bits) -> Truths:
    """True where the left has a code that the right has not."""
    found = np.zeros((len(left), len(right)), dtype=bool)
    for rows, word in _parts(left):
        found[rows] |= (left[rows, None, word] & ~right[None, :, word]) != 0
    return found


def in_common(left: Bits, right: Bits) -> Counts:
    """How many codes the two have in common."""
    found = np.zeros((len(left), len(right)), dtype=np.uint16)
    for rows, word in _parts(left):
        found[rows] += np.bitwise_count(left[rows, None, word] & right[None, :, word])
    return found


def _parts(table: Bits) -> Iterator[tuple[slice, int]]:
    """Blocks of rows, and in each block the words that any of its rows uses."""
    for first in range(0, len(table), _BLOCK):
        rows = slice(first, first + _BLOCK)
        for word in np.flatnonzero(table[rows].any(axis=0)):
            yield rows, int(word)


def _padded(bits: int) -> int:
    return max(1, -(-bits // _WORD)) * _WORD


def _packed(flags: Truths) -> Bits:
    packed: Bits = np.packbits(flags, axis=1, bitorder="little").view(np.uint64)
    return packed
