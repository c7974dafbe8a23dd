"""What both sides of a matching are said in, as a form has it: codes with commas, times."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from services.web.own_forms import Fields

PLACES = ("movements", "neighbourhoods", "organisations")
"""Where somebody belongs or is known, or whom they must not meet."""
_TIMES = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-\u2013]\s*(\d{1,2})(?:[:.](\d{2}))?")
_DAYS = 7


def codes(form: Fields, name: str) -> list[str]:
    """`Rosengård, Seved` as `rosengård`, `seved`; each once, in the order of the alphabet."""
    said = (re.sub(r"\s+", "-", each.strip().lower()) for each in form.get(name, "").split(","))
    return sorted({each for each in said if each})


def places(form: Fields, prefix: str) -> dict[str, list[str]]:
    """Three kinds of places, each with its codes."""
    return {name: codes(form, f"{prefix}_{name}") for name in PLACES}


def times(form: Fields) -> list[dict[str, Any]]:
    """`17-19, 20:30-21` of each day, for the API. What is no time is sent as it was said."""
    return [
        {"weekday": day, **_window(said.strip())}
        for day in range(_DAYS)
        for said in form.get(f"day_{day}", "").split(",")
        if said.strip()
    ]


def _window(said: str) -> dict[str, str]:
    found = _TIMES.fullmatch(said)
    if found is None:
        return {"starts": said[:20], "ends": ""}
    hours, minutes, until, until_minutes = found.groups()
    return {
        "starts": f"{int(hours):02d}:{minutes or '00'}",
        "ends": f"{int(until):02d}:{until_minutes or '00'}",
    }


def in_words(windows: Iterable[Mapping[str, Any]]) -> Sequence[str]:
    """The times of each day of the week, as the form has them."""
    by_day: list[list[str]] = [[] for _ in range(_DAYS)]
    for each in windows:
        by_day[each["weekday"]].append(f"{each['starts']}-{each['ends']}")
    return [", ".join(day) for day in by_day]


def beside(
    named: Callable[[str], str], theirs: Mapping[str, Any] | None, mine: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """What stands there now beside what was written, a line for each fact that was."""
    return [
        (named(name), said(theirs[name] if theirs else None), said(value))
        for name, value in mine.items()
    ]


def said(value: Any) -> str:
    """One of these facts in a cell of a table."""
    if isinstance(value, dict):
        return " · ".join(", ".join(each) for each in value.values() if each) or "–"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return " · ".join(each for each in in_words(value) if each)
    if isinstance(value, list):
        return ", ".join(value) or "–"
    if isinstance(value, bool):
        return "✓" if value else "–"
    return str(value or "–")
