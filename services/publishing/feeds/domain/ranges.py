"""Which positions of the log somebody has been given: ranges, few however many positions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Range(NamedTuple):
    """Positions after `after`, up to and with `upto`."""

    after: int
    upto: int


Ranges = tuple[Range, ...]
"""In order, apart from each other, none empty."""


def with_range(ranges: Sequence[Range], after: int, upto: int) -> Ranges:
    """These and one more, joined where they touch."""
    if upto <= after:
        return tuple(ranges)
    kept = []
    for one in ranges:
        if one.upto < after or one.after > upto:
            kept.append(one)
        else:
            after, upto = min(after, one.after), max(upto, one.upto)
    return tuple(sorted([*kept, Range(after, upto)]))


def common(some: Sequence[Range], others: Sequence[Range]) -> Ranges:
    """What is in both."""
    found: list[Range] = []
    for one in some:
        for other in others:
            after, upto = max(one.after, other.after), min(one.upto, other.upto)
            if after < upto:
                found.append(Range(after, upto))
    return tuple(sorted(found))


def covers(ranges: Sequence[Range], position: int) -> bool:
    """Whether a position is in there."""
    return any(one.after < position <= one.upto for one in ranges)


def outside(ranges: Sequence[Range], positions: Iterable[int]) -> list[int]:
    """The positions, of these in order, that are in none of the ranges."""
    left, rest = [], list(ranges)
    for position in positions:
        while rest and rest[0].upto < position:
            rest.pop(0)
        if not rest or position <= rest[0].after:
            left.append(position)
    return left
