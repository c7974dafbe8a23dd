"""How long a round of matching takes, beside scipy's solver alone on a random matrix as large."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment

from services.mentoring.domain.matching import Mentee, Mentor, Round, Training, Window, propose
from services.mentoring.domain.matching.solved import solve
from services.mentoring.domain.matching.why_not import why_not

T = TypeVar("T")
ON = date(2027, 3, 1)
SIZES = (500, 2000)
LANGUAGES = ("sv", "en", "ar", "so", "prs", "tr", "sq", "bs", "pl", "ku")
MOVEMENTS = tuple(f"movement-{n}" for n in range(12))
PLACES = tuple(f"neighbourhood-{n}" for n in range(30))
STRENGTHS = tuple(f"strength-{n}" for n in range(20))
ORGANISATIONS = tuple(f"organisation-{n}" for n in range(80))
TRAININGS = ("first-aid", "threat", "under-18", "suicide")
FLAGS = ("protected-identity", "threat", "weapon")


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds for one size: the whole answer, *why not* in it, and the bare solver."""

    size: int
    whole: float
    why_not: float
    raw: float
    matched: int
    unmatched: int


@dataclass(frozen=True, slots=True)
class Rounds:
    """Every size once."""

    sizes: tuple[Timed, ...]


def measure() -> Rounds:
    """Time each size; what is imported and drawn beforehand is not counted."""
    return Rounds(tuple(_timed(size) for size in SIZES))


def round_of(size: int, seed: int = 7) -> Round:
    """As many mentees as mentors, in a town where most pairs are out of the question."""
    chance = random.Random(seed)
    return Round(
        tuple(_mentee(n, chance) for n in range(size)),
        tuple(_mentor(n, chance) for n in range(size)),
        ON,
    )


def _timed(size: int) -> Timed:
    asked = round_of(size)
    found, whole = _seconds(lambda: propose(asked))
    solved = solve(asked)
    _, reasons = _seconds(lambda: why_not(solved))
    matrix = np.random.default_rng(7).random((size, size))
    _, raw = _seconds(lambda: linear_sum_assignment(matrix))
    return Timed(size, whole, reasons, raw, len(found.proposals), len(found.unmatched))


def _seconds(work: Callable[[], T]) -> tuple[T, float]:
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def _some(chance: random.Random, codes: tuple[str, ...], least: int, most: int) -> frozenset[str]:
    return frozenset(chance.sample(codes, chance.randint(least, most)))


def _week(chance: random.Random, most: int) -> tuple[Window, ...]:
    starts = (chance.randrange(8 * 60, 19 * 60, 30) for _ in range(chance.randint(1, most)))
    return tuple(Window(chance.randrange(7), start, start + 120) for start in starts)


def _mentee(number: int, chance: random.Random) -> Mentee:
    languages = _some(chance, LANGUAGES, 1, 2)
    return Mentee(
        id=f"mentee-{number:05}",
        languages=languages,
        first_language=min(languages),
        gender=chance.choice(("woman", "man")),
        gender_wish=frozenset(chance.choices(((), ("woman",), ("man",)), (7, 2, 1))[0]),
        movements=_some(chance, MOVEMENTS, 0, 1),
        avoids_movements=_some(chance, MOVEMENTS, 0, 2),
        neighbourhoods=_some(chance, PLACES, 1, 2),
        avoids_neighbourhoods=_some(chance, PLACES, 0, 2),
        organisations=_some(chance, ORGANISATIONS, 1, 1),
        avoids_organisations=_some(chance, ORGANISATIONS, 0, 1),
        availability=_week(chance, 6),
        wanted_strengths=_some(chance, STRENGTHS, 1, 5),
        required_training=_some(chance, TRAININGS, 0, 1),
        safety_flags=_some(chance, FLAGS, 0, 1),
    )


def _mentor(number: int, chance: random.Random) -> Mentor:
    limit = chance.randint(1, 3)
    return Mentor(
        id=f"mentor-{number:05}",
        languages=_some(chance, LANGUAGES, 0, 1) | {"sv"},
        gender=chance.choice(("woman", "man")),
        movements=_some(chance, MOVEMENTS, 0, 1),
        avoids_movements=_some(chance, MOVEMENTS, 0, 1),
        neighbourhoods=_some(chance, PLACES, 1, 2),
        avoids_neighbourhoods=_some(chance, PLACES, 0, 1),
        organisations=_some(chance, ORGANISATIONS, 1, 2),
        availability=_week(chance, 8),
        strengths=_some(chance, STRENGTHS, 2, 8),
        load=chance.randint(0, limit),
        limit=limit,
        training=tuple(
            Training(code, ON + timedelta(days=chance.randint(-100, 400)))
            for code in sorted(_some(chance, TRAININGS, 1, 4))
        ),
        background_check=ON - timedelta(days=chance.randint(0, 420)),
        cleared_for=_some(chance, FLAGS, 0, 3),
    )
