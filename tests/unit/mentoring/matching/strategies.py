"""Small rounds in which every constraint, conflict, place and existing pair is likely to matter.

A person is drawn as a row of bytes, one byte per answer: thousands of rounds a minute, and what
fails still shrinks towards the first option of every answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, TypeVar

from hypothesis import strategies as st

from services.mentoring.domain.matching import (
    Mentee,
    Mentor,
    Objective,
    Pair,
    Round,
    Training,
    Window,
)

ON = date(2027, 3, 1)
CHECK_DAYS = 365
T = TypeVar("T")
_MOSTLY = 215

_WEEKS = (
    (Window(0, 600, 720), Window(3, 900, 1020)),
    (Window(0, 600, 720),),
    (Window(0, 660, 780), Window(3, 900, 960)),
    (Window(0, 540, 650), Window(6, 1380, 1440)),
    (Window(3, 910, 1020), Window(0, 540, 660)),
    (),
)
_TRAININGS = tuple(
    Training(code, until)
    for code in ("threat", "under-18")
    for until in (None, ON, ON + timedelta(days=40), ON - timedelta(days=1))
)
_CHECK_AGES = (0, 0, 0, 100, CHECK_DAYS, CHECK_DAYS + 1, -1, None)
_RARELY = ("", "", "", "", "x", "y", "x y")


class _Answers:
    """Each byte picks one option; people who are `easy` mostly give the first, which fits all."""

    def __init__(self, drawn: bytes, *, easy: bool = False) -> None:
        self._bytes: Iterator[int] = iter(drawn)
        self._easy = easy

    def one(self, options: Sequence[T]) -> T:
        byte = next(self._bytes)
        return options[0 if self._easy and byte < _MOSTLY else byte % len(options)]

    def any(self, options: Sequence[T]) -> T:
        return options[next(self._bytes) % len(options)]

    def codes(self, *options: str) -> frozenset[str]:
        """Words apart by a blank are one set."""
        return frozenset(self.one(options).split())

    def person(self) -> dict[str, Any]:
        return {
            "languages": self.codes("sv en", "sv", "sv", "en", "so", "sv so", "sv en so ar"),
            "gender": self.one(("woman", "man", "unknown")),
            "gender_wish": self.codes("", "", "", "", "woman", "man", "woman man"),
            "movements": self.codes(*_RARELY),
            "avoids_movements": self.codes(*_RARELY),
            "neighbourhoods": self.codes("a", "b", "c", "d", "e f", ""),
            "avoids_neighbourhoods": self.codes("", "", "", "a", "b c"),
            "organisations": self.codes(*_RARELY),
            "avoids_organisations": self.codes(*_RARELY),
            "availability": self.one(_WEEKS),
        }


def _mentee(number: int, drawn: bytes, *, easy: bool) -> Mentee:
    answers = _Answers(drawn, easy=easy)
    return Mentee(
        id=f"mentee-{number}",
        first_language=answers.any((None, "sv", "so")),
        wanted_strengths=frozenset(answers.any(("", "s", "st", "stuvw"))),
        same_neighbourhood_is_safe=answers.one((True, False)),
        required_training=answers.codes("", "", "", "threat", "under-18 threat"),
        safety_flags=answers.codes("", "", "", "weapon", "weapon hidden"),
        **answers.person(),
    )


def _mentor(number: int, held: int, drawn: bytes, *, easy: bool) -> Mentor:
    answers = _Answers(drawn, easy=easy)
    age = answers.one(_CHECK_AGES)
    return Mentor(
        id=f"mentor-{number}",
        strengths=frozenset(answers.any(("", "s", "tu", "stuvw"))),
        load=answers.one((held, held, held + 1)),
        limit=answers.any((1, 1, 1, 2, 3, 0)),
        training=(answers.one(_TRAININGS), answers.one(_TRAININGS)),
        background_check=None if age is None else ON - timedelta(days=age),
        cleared_for=answers.codes("weapon", "", "weapon hidden"),
        **answers.person(),
    )


@st.composite
def rounds(draw: st.DrawFn, most: int = 7) -> Round:
    """Up to `most` people on each side, either objective, some pairs that already meet."""
    row_of_bytes = st.binary(min_size=20, max_size=20)
    mentees = draw(st.lists(row_of_bytes, max_size=most))
    mentors = draw(st.lists(row_of_bytes, max_size=most))
    rest = draw(row_of_bytes)
    holding = [drawn[-1] % (2 * len(mentors) + 1) - 1 for drawn in mentees]
    answers = _Answers(rest)
    easy = answers.one((True, True, False))
    sides = range(most)
    return Round(
        mentees=tuple(_mentee(row, drawn, easy=easy) for row, drawn in enumerate(mentees)),
        mentors=tuple(
            _mentor(column, holding.count(column), drawn, easy=easy)
            for column, drawn in enumerate(mentors)
        ),
        on=ON,
        objective=answers.one(tuple(Objective)),
        keep_existing=answers.one((True, False)),
        existing=frozenset(
            Pair(f"mentee-{row}", f"mentor-{column}")
            for row, column in enumerate(holding)
            if 0 <= column < len(mentors)
        ),
        conflicts=frozenset(
            Pair(f"mentee-{answers.one(sides)}", f"mentor-{answers.one(sides)}")
            for _ in range(answers.one((0, 1, 3)))
        ),
        check_days=CHECK_DAYS,
    )
