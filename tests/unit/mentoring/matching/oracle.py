"""The rules once more, pair by pair in plain Python, and every assignment of a small round tried.

Shares nothing with the tables of bits and the solver but the dataclasses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from functools import cache, lru_cache

from services.mentoring.domain.matching import (
    Matching,
    Mentee,
    Mentor,
    Objective,
    Pair,
    Round,
    Window,
)

Terms = tuple[int, int, int]
NOTHING: Terms = (0, 0, 0)


def quarters(windows: Iterable[Window]) -> set[int]:
    """Whole quarters of an hour of the week."""
    return {
        quarter
        for window in windows
        for quarter in range(window.weekday * 96, window.weekday * 96 + 96)
        if window.start <= (quarter % 96) * 15 and (quarter % 96) * 15 + 15 <= window.until
    }


def _an_hour(mentee: Mentee, mentor: Mentor) -> bool:
    both = quarters(mentee.availability) & quarters(mentor.availability)
    return any({first, first + 1, first + 2, first + 3} <= both for first in both)


def _wish_met(wish: Collection[str], gender: str) -> bool:
    return not wish or (gender != "unknown" and gender in wish)


def _trained(mentee: Mentee, mentor: Mentor, on: date) -> bool:
    valid = {one.code for one in mentor.training if one.until is None or on <= one.until}
    return mentee.required_training <= valid


def _checked(mentor: Mentor, asked: Round) -> bool:
    day = mentor.background_check
    return day is not None and timedelta(0) <= asked.on - day <= timedelta(days=asked.check_days)


def places(mentor: Mentor, asked: Round) -> int:
    """Places for this round's mentees, existing pairs included."""
    mentees = {one.id for one in asked.mentees}
    held = sum(pair.mentor == mentor.id and pair.mentee in mentees for pair in asked.existing)
    return max(0, mentor.limit - (mentor.load - held))


def breaks(mentee: Mentee, mentor: Mentor, asked: Round) -> frozenset[str]:
    """The codes of the constraints that the pair would break."""
    near = mentee.neighbourhoods & mentor.neighbourhoods and not mentee.same_neighbourhood_is_safe
    told = {
        "language": not mentee.languages & mentor.languages,
        "gender-wish": not (
            _wish_met(mentee.gender_wish, mentor.gender)
            and _wish_met(mentor.gender_wish, mentee.gender)
        ),
        "conflict-of-interest": mentee.avoids_organisations & mentor.organisations
        or mentor.avoids_organisations & mentee.organisations
        or Pair(mentee.id, mentor.id) in asked.conflicts,
        "neighbourhood": near
        or mentee.avoids_neighbourhoods & mentor.neighbourhoods
        or mentor.avoids_neighbourhoods & mentee.neighbourhoods,
        "movement": mentee.avoids_movements & mentor.movements
        or mentor.avoids_movements & mentee.movements,
        "load": places(mentor, asked) == 0,
        "training": not _trained(mentee, mentor, asked.on),
        "background-check": not _checked(mentor, asked),
        "safety-flag": not mentee.safety_flags <= mentor.cleared_for,
        "availability": not _an_hour(mentee, mentor),
    }
    return frozenset(code for code, broken in told.items() if broken)


def points(mentee: Mentee, mentor: Mentor, asked: Round) -> int:
    """How well the two fit."""
    hours = len(quarters(mentee.availability) & quarters(mentor.availability)) // 4
    return (
        min(40, 10 * len(mentee.wanted_strengths & mentor.strengths))
        + 20 * (mentee.first_language in mentor.languages)
        + min(20, 2 * hours)
        + min(10, 5 * len(mentee.languages & mentor.languages))
        + min(10, 5 * places(mentor, asked))
    )


def terms(mentee: Mentee, mentor: Mentor, asked: Round) -> Terms:
    """What the pair adds to each goal, the first goal first."""
    kept, fit = int(Pair(mentee.id, mentor.id) in asked.existing), points(mentee, mentor, asked)
    if asked.objective == Objective.MOST_MATCHED:
        return (1, kept, fit) if asked.keep_existing else (1, fit, kept)
    return (kept, fit, 1) if asked.keep_existing else (fit, kept, 1)


def matched_of(total: Terms, asked: Round) -> int:
    """The number of people matched, in a sum of terms."""
    return total[0 if asked.objective == Objective.MOST_MATCHED else 2]


@lru_cache(maxsize=2)
def _judged(asked: Round) -> tuple[tuple[tuple[frozenset[str], Terms], ...], ...]:
    return tuple(
        tuple((breaks(one, other, asked), terms(one, other, asked)) for other in asked.mentors)
        for one in asked.mentees
    )


def best(
    asked: Round,
    *,
    lifted_for: str = "",
    lifted: Collection[str] = (),
    must: Collection[Pair] = (),
) -> Terms | None:
    """The highest sum of terms of all assignments; none if `must` cannot be kept.

    `lifted` are codes that do not count for the mentee `lifted_for`.
    """
    forced = {pair.mentee: pair.mentor for pair in must}
    judged = _judged(asked)

    @cache
    def rest(row: int, free: tuple[int, ...]) -> Terms | None:
        if row == len(asked.mentees):
            return NOTHING
        mentee = asked.mentees[row].id
        ignored = frozenset(lifted) if mentee == lifted_for else frozenset()
        found = [] if mentee in forced else [rest(row + 1, free)]
        for column, mentor in enumerate(asked.mentors):
            broken, gained = judged[row][column]
            full = "load" not in ignored and not free[column]
            if broken - ignored or full or forced.get(mentee, mentor.id) != mentor.id:
                continue
            taken = 0 if "load" in ignored else 1
            onward = rest(row + 1, (*free[:column], free[column] - taken, *free[column + 1 :]))
            if onward is not None:
                found.append(_sum(onward, gained))
        return max((one for one in found if one is not None), default=None)

    return rest(0, tuple(places(mentor, asked) for mentor in asked.mentors))


def total(matching: Matching, asked: Round) -> Terms:
    """The sum of terms of a matching."""
    mentees = {one.id: one for one in asked.mentees}
    mentors = {one.id: one for one in asked.mentors}
    found = NOTHING
    for pair in matching.proposals:
        found = _sum(found, terms(mentees[pair.mentee], mentors[pair.mentor], asked))
    return found


def violations(pairs: Iterable[Pair], asked: Round) -> list[str]:
    """Everything that may never be in an answer, in words."""
    mentees = {one.id: one for one in asked.mentees}
    mentors = {one.id: one for one in asked.mentors}
    pairs = list(pairs)
    wrong = [
        f"{pair}: {code}"
        for pair in pairs
        for code in breaks(mentees[pair.mentee], mentors[pair.mentor], asked)
    ]
    loads = Counter(pair.mentor for pair in pairs)
    wrong += [f"{one}: over" for one, n in loads.items() if n > places(mentors[one], asked)]
    times = Counter(pair.mentee for pair in pairs)
    return wrong + [f"{one}: twice" for one, n in times.items() if n > 1]


def _sum(one: Terms, other: Terms) -> Terms:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]
