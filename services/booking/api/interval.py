"""`from` and `to`: whole local days (both included) or exact times (`to` not included)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from shared.kernel.refusal import Refusal

_HERE = ZoneInfo("Europe/Stockholm")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class NotATime(Refusal):
    """Neither a day nor a time with a zone."""

    kind = "not-a-time"
    sv = "Skriv en dag som 2027-01-28 eller en tid som 2027-01-28T12:30:00Z."
    en = "Write a day like 2027-01-28 or a time like 2027-01-28T12:30:00Z."


When = Annotated[
    str | None,
    Field(
        max_length=40,
        pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.]+(Z|[+-][0-9]{2}:[0-9]{2}))?$",
        description="En dag (2027-01-28, svensk tid) eller en tid enligt RFC 3339.",
    ),
]


def begins(text: str | None) -> datetime | None:
    """The first instant (UTC) that is meant; None when nothing was said. Raises NotATime."""
    return _instant(text, days=0)


def ends(text: str | None) -> datetime | None:
    """The first instant that is not meant any more. Raises NotATime."""
    return _instant(text, days=1)


def _instant(text: str | None, *, days: int) -> datetime | None:
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text) + timedelta(days=days)
            return datetime.combine(day, time(), _HERE).astimezone(UTC)
        at = datetime.fromisoformat(text)
        if at.tzinfo is None:
            raise NotATime
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise NotATime from None
