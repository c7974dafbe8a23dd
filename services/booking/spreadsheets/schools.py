"""Which municipality a school lies in: the list that came with the season, by the school's name."""

from __future__ import annotations

import csv
import functools
from importlib.resources import files

from services.booking.spreadsheets.season_file import fold


def municipality_of(school: str) -> str | None:
    """The municipality, or None for a school that is not in the list."""
    return _schools().get(fold(school))


@functools.cache
def school_names() -> tuple[str, ...]:
    """The schools of the list, by name."""
    return tuple(sorted({row["school"] for row in _rows()}, key=fold))


@functools.cache
def _schools() -> dict[str, str]:
    return {fold(row["school"]): row["municipality"] for row in _rows()}


def _rows() -> list[dict[str, str]]:
    text = files("services.booking.spreadsheets").joinpath("schools.csv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines()))
