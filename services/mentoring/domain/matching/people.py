"""Mentors and mentees as matching sees them: ids and codes, never a name, an address or a story.

Codes are compared as they stand (`sv`, `rosengard`, `grief`), so the caller spells them one way.
An empty set is "nothing told": nothing is avoided, wished for or known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

UNKNOWN_GENDER = "unknown"
Codes = frozenset[str]


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A time of every week: `weekday` 0 is Monday, minutes after midnight, `until` not included.

    Raises ValueError when it is no time of a week. Only whole quarters of an hour count.
    """

    weekday: int
    start: int
    until: int

    def __post_init__(self) -> None:
        if not (0 <= self.weekday <= 6 and 0 <= self.start < self.until <= 24 * 60):
            raise ValueError("a window is within one day of the week")


@dataclass(frozen=True, slots=True, order=True)
class Training:
    """A training that somebody has, valid through the day `until` (for ever if none)."""

    code: str
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """What both sides tell.

    `movements`, `neighbourhoods` and `organisations` are where the person belongs or is known; the
    `avoids_…` sets are whom they must not meet. `gender_wish` holds the genders that are wished
    for: a person of unknown gender meets no wish.
    """

    id: str
    languages: Codes = frozenset()
    gender: str = UNKNOWN_GENDER
    gender_wish: Codes = frozenset()
    movements: Codes = frozenset()
    avoids_movements: Codes = frozenset()
    neighbourhoods: Codes = frozenset()
    avoids_neighbourhoods: Codes = frozenset()
    organisations: Codes = frozenset()
    avoids_organisations: Codes = frozenset()
    availability: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True)
class Mentor(Person):
    """`load` is how many mentees the mentor has today, those of this round's pairs included.

    `limit` is how many they can have; `background_check` the day of the newest one;
    `cleared_for` the safety flags that the mentor is prepared and approved for.
    """

    strengths: Codes = frozenset()
    load: int = 0
    limit: int = 1
    training: tuple[Training, ...] = ()
    background_check: date | None = None
    cleared_for: Codes = frozenset()

    def __post_init__(self) -> None:
        if self.load < 0 or self.limit < 0:
            raise ValueError("load and limit are counted from nought")


@dataclass(frozen=True, slots=True)
class Mentee(Person):
    """`first_language` is the one they speak best; `wanted_strengths` what they hope for.

    A mentor from a neighbourhood of theirs is out of the question unless
    `same_neighbourhood_is_safe` was decided for this mentee.
    """

    first_language: str | None = None
    wanted_strengths: Codes = frozenset()
    same_neighbourhood_is_safe: bool = False
    required_training: Codes = frozenset()
    safety_flags: Codes = frozenset()
