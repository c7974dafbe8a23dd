"""Calendar days as they are sent."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator


def _in_full(day: object) -> object:
    if isinstance(day, date) or (isinstance(day, str) and len(day) == len("2027-02-01")):
        return day
    raise ValueError("not a day")


Day = Annotated[date, BeforeValidator(_in_full)]
"""A calendar day in full, as 2027-02-01: a number is no day, though it could be read as one."""
