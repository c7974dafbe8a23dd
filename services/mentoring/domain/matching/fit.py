"""How well two people suit each other: explained parts of whole points, at most 100 together.

Fit decides between pairs that may be; it never outweighs a constraint.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from services.mentoring.domain.matching.bit_tables import in_common, overlap, two_tables, week_table
from services.mentoring.domain.matching.result import ScorePart
from services.mentoring.domain.matching.rounds import Round

Amounts = NDArray[np.uint16]


@dataclass(frozen=True, slots=True)
class Part:
    """`amount_of` counts something for each pair; each is worth `each` points, up to `most`.

    `sv` and `en` are format strings over that amount, `n`.
    """

    code: str
    amount_of: Callable[[Round], Amounts]
    each: int
    most: int
    sv: str
    en: str

    def points(self, amounts: Amounts) -> Amounts:
        """The points that amounts are worth."""
        return np.minimum(amounts, self.most // self.each) * np.uint16(self.each)

    def said(self, amount: int) -> ScorePart:
        """The part of one pair, in words."""
        points = min(amount, self.most // self.each) * self.each
        return ScorePart(
            self.code, points, self.most, self.sv.format(n=amount), self.en.format(n=amount)
        )


@dataclass(frozen=True, slots=True)
class Fit:
    """The amounts of every part for every pair (mentees × mentors), and the points together."""

    amounts: tuple[Amounts, ...]
    points: Amounts

    def why(self, row: int, column: int) -> tuple[ScorePart, ...]:
        """The parts that give the pair points, most points first."""
        shape = self.points.shape
        said = [
            part.said(int(np.broadcast_to(amounts, shape)[row, column]))
            for part, amounts in zip(PARTS, self.amounts, strict=True)
        ]
        return tuple(sorted((one for one in said if one.points), key=lambda one: -one.points))


def fit_of(asked: Round) -> Fit:
    """Count everything once, for all pairs."""
    amounts = tuple(part.amount_of(asked) for part in PARTS)
    points = np.zeros((len(asked.mentees), len(asked.mentors)), dtype=np.uint16)
    for part, counted in zip(PARTS, amounts, strict=True):
        points += part.points(counted)
    return Fit(amounts, points)


def _first_language(asked: Round) -> Amounts:
    first = [frozenset([one.first_language] if one.first_language else []) for one in asked.mentees]
    return overlap(*two_tables(first, [one.languages for one in asked.mentors])).astype(np.uint16)


def _languages(asked: Round) -> Amounts:
    return in_common(
        *two_tables(
            [one.languages for one in asked.mentees], [one.languages for one in asked.mentors]
        )
    )


def _strengths(asked: Round) -> Amounts:
    wanted = [one.wanted_strengths for one in asked.mentees]
    return in_common(*two_tables(wanted, [one.strengths for one in asked.mentors]))


def _hours(asked: Round) -> Amounts:
    mentees = week_table([one.availability for one in asked.mentees])
    mentors = week_table([one.availability for one in asked.mentors])
    return in_common(mentees, mentors) // np.uint16(4)


def _places(asked: Round) -> Amounts:
    return np.minimum(asked.places(), np.iinfo(np.uint16).max).astype(np.uint16)[None, :]


PARTS = (
    Part(
        "strengths",
        _strengths,
        each=10,
        most=40,
        sv="Mentorns styrkor som adepten önskar: {n}.",
        en="Strengths of the mentor that the mentee hopes for: {n}.",
    ),
    Part(
        "first-language",
        _first_language,
        each=20,
        most=20,
        sv="Mentorn talar adeptens förstaspråk.",
        en="The mentor speaks the mentee's first language.",
    ),
    Part(
        "hours",
        _hours,
        each=2,
        most=20,
        sv="Gemensamma timmar i veckan: {n}.",
        en="Hours of the week in common: {n}.",
    ),
    Part(
        "languages",
        _languages,
        each=5,
        most=10,
        sv="Gemensamma språk: {n}.",
        en="Languages in common: {n}.",
    ),
    Part(
        "places",
        _places,
        each=5,
        most=10,
        sv="Mentorns platser i omgången: {n}.",
        en="Places of the mentor in this round: {n}.",
    ),
)
MOST_FIT = sum(part.most for part in PARTS)
