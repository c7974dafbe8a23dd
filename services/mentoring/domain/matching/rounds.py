"""One round of matching: who takes part, on which day, and what counts most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from services.mentoring.domain.matching.people import Mentee, Mentor
from shared.kernel.refusal import Refusal

MOST_CELLS = 64_000_000


class Pair(NamedTuple):
    """A mentee and a mentor, by id."""

    mentee: str
    mentor: str


class Objective(StrEnum):
    """What a round is for: as many people as possible, or the highest sum of fit."""

    MOST_MATCHED = "most-matched"
    BEST_FIT = "best-fit"


class TooManyAtOnce(Refusal):
    """A round is solved in memory: mentees × (places + mentees) stays below 64 million."""

    kind = "too-many-to-match"
    sv = "Det är för många att matcha på en gång. Dela upp omgången."
    en = "There are too many to match at once. Divide the round."


@dataclass(frozen=True, slots=True)
class Round:
    """What is asked. `on` is the day that decides which trainings and checks are valid.

    `existing` are the pairs of today among these mentees; `conflicts` are pairs that may never
    meet. With `keep_existing` fewest broken pairs goes before fit; without, it only decides
    between results of equal fit. `check_days` is how long a background check is good.

    Raises ValueError when an id stands twice on a side, a mentee has two mentors, or a mentor
    more pairs than load; TooManyAtOnce when it is too large to solve.
    """

    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]
    on: date
    objective: Objective = Objective.MOST_MATCHED
    keep_existing: bool = True
    existing: frozenset[Pair] = frozenset()
    conflicts: frozenset[Pair] = frozenset()
    check_days: int = 365

    def __post_init__(self) -> None:
        _each_once(mentee.id for mentee in self.mentees)
        _each_once(mentor.id for mentor in self.mentors)
        _each_once(pair.mentee for pair in self.existing)
        load = {mentor.id: mentor.load for mentor in self.mentors}
        if any(held > load[mentor] for mentor, held in self._held().items()):
            raise ValueError("a mentor has more existing pairs than load")
        rows = len(self.mentees)
        if rows * (sum(min(n, rows) for n in self.places()) + rows) > MOST_CELLS:
            raise TooManyAtOnce

    def in_order(self) -> Round:
        """The same round with both sides ordered by id: what the order told cannot decide."""
        return Round(
            mentees=tuple(sorted(self.mentees, key=lambda one: one.id)),
            mentors=tuple(sorted(self.mentors, key=lambda one: one.id)),
            on=self.on,
            objective=self.objective,
            keep_existing=self.keep_existing,
            existing=self.existing,
            conflicts=self.conflicts,
            check_days=self.check_days,
        )

    def places(self) -> tuple[int, ...]:
        """How many of this round's mentees each mentor can have, existing pairs included."""
        held = self._held()
        return tuple(max(0, one.limit - one.load + held[one.id]) for one in self.mentors)

    def _held(self) -> Counter[str]:
        here = {mentee.id for mentee in self.mentees}
        mentors = {mentor.id for mentor in self.mentors}
        return Counter(
            pair.mentor for pair in self.existing if pair.mentee in here and pair.mentor in mentors
        )


def _each_once(ids: Iterable[str]) -> None:
    if any(count > 1 for count in Counter(ids).values()):
        raise ValueError("an id stands twice")
