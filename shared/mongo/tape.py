"""The newest changes, kept once for all who listen. Pure: no I/O, and bounded.

Each change kept has a running number. A listener holds no more than the number that it reads next,
so a thousand of them cost no more than one, and whoever is too slow finds out by it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from shared.mongo.places import Place

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen(Generic[T]):
    """One change, after which is `place`; None: some changes were missed, read everything anew."""

    at: Place
    change: T | None

    @property
    def place(self) -> str:
        """As a listener says it who comes again."""
        return str(self.at)


class Tape(Generic[T]):
    """Everything that came after `floor` is here, up to `end`. Keeps `most` to twice as many."""

    def __init__(self, floor: Place, end: Place, most: int) -> None:
        self.floor, self.end = floor, end
        self._most = most
        self._first = 0
        self._kept: list[Seen[T]] = []

    @property
    def next(self) -> int:
        """The number that the next change gets."""
        return self._first + len(self._kept)

    def add(self, seen: Seen[T]) -> None:
        """A change later than all before it."""
        self._kept.append(seen)
        self.read_to(seen.at)
        if len(self._kept) >= 2 * self._most:
            dropped = len(self._kept) - self._most
            self.floor = self._kept[dropped - 1].at
            del self._kept[:dropped]
            self._first += dropped

    def read_to(self, place: Place) -> None:
        """Nothing more comes up to this place."""
        self.end = max(self.end, place)

    def cut(self, floor: Place, end: Place) -> None:
        """What came before is not known any more, and everybody who reads misses something."""
        # One number is left out, so that those who had read all are behind as well.
        self._first = self.next + 1
        self._kept.clear()
        self.floor, self.end = floor, end

    def number_after(self, place: Place) -> int | None:
        """The number of the first change after a place; None if older ones may be missing."""
        if place < self.floor:
            return None
        return self._first + bisect_right(self._kept, place, key=lambda seen: seen.at)

    def read(self, number: int, most: int) -> Sequence[Seen[T]] | None:
        """The changes from a number on; None if some of them are not kept any more."""
        if number < self._first:
            return None
        first = number - self._first
        return self._kept[first : first + most]
