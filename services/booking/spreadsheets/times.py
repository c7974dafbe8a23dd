"""Times of day as people in Sweden write them, and the sentence when it is none."""

from __future__ import annotations

import re
from datetime import time

from shared.spreadsheets.trouble import CellTrouble

_CLOCK = re.compile(r"(?:kl\.? ?)?([0-9]{1,2})[.:]([0-9]{2})(?:[.:]00)?", re.IGNORECASE)
_HOUR = re.compile(r"kl\.? ?([0-9]{1,2})()", re.IGNORECASE)
_FOUR_FIGURES = re.compile(r"(?:kl\.? ?)?([01][0-9]|2[0-3])([0-5][05])", re.IGNORECASE)


def read_time(cell: str) -> time:
    """`13:30`, `13.30`, `9.00`, `0930` or `kl 9`."""
    found = _CLOCK.fullmatch(cell) or _FOUR_FIGURES.fullmatch(cell) or _HOUR.fullmatch(cell)
    if not found:
        raise CellTrouble(
            "not-a-time", "Skriv ett klockslag som 13:30.", "Write a time like 13:30."
        )
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 23 or minute > 59:
        raise CellTrouble(
            "impossible-time",
            "Det klockslaget finns inte. Skriv ett mellan 00:00 och 23:59, till exempel 13:30.",
            "There is no such time. Write one between 00:00 and 23:59, for example 13:30.",
        )
    return time(hour, minute)
