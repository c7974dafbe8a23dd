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
def _schools() -> dict[str, str]:
    text = files("services.booking.spreadsheets").joinpath("schools.csv").read_text("utf-8")
    return {fold(row["school"]): row["municipality"] for row in csv.DictReader(text.splitlines())}
