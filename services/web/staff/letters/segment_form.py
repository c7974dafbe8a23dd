"""A segment as a form: for each thing that may be asked, which values count and which do not.

The API's questions can be nested eight deep; what a form cannot show is kept as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from services.web.wording import STOCKHOLM

ASKED = ("language", "municipality", "role", "tag")
SINCE = "since"
_AMONG, _NOT = "among_", "not_"
FIELDS = (*(f"{_AMONG}{each}" for each in ASKED), *(f"{_NOT}{each}" for each in ASKED), SINCE)


class NotADay(ValueError):
    """The day is not written as one."""


def asked_in(form: Mapping[str, str]) -> dict[str, Any]:
    """The question that the form puts: all of it must hold. Raises NotADay."""
    parts: list[dict[str, Any]] = []
    for each in ASKED:
        if among := _values(form.get(f"{_AMONG}{each}", "")):
            parts.append({"is": each, "values": among})
        if without := _values(form.get(f"{_NOT}{each}", "")):
            parts.append({"not": {"is": each, "values": without}})
    if day := form.get(SINCE, "").strip():
        parts.append({"since": _midnight(day).isoformat()})
    return {"all": parts}


def as_form(segment: Mapping[str, Any]) -> dict[str, str] | None:
    """The form's fields; None for a question that it cannot put."""
    fields: dict[str, str] = {}
    parts = segment["all"] if segment.keys() == {"all"} else [segment]
    for part in parts:
        found = _field(part)
        if found is None or found[0] in fields:
            return None
        fields[found[0]] = found[1]
    return fields


def _field(part: Mapping[str, Any]) -> tuple[str, str] | None:
    inner, kind = (part["not"], _NOT) if part.keys() == {"not"} else (part, _AMONG)
    if inner.get("is") in ASKED and not any("," in value for value in inner["values"]):
        return f"{kind}{inner['is']}", ", ".join(inner["values"])
    if part.keys() == {SINCE}:
        at = datetime.fromisoformat(part[SINCE]).astimezone(ZoneInfo(STOCKHOLM))
        return (SINCE, at.date().isoformat()) if at.time() == time() else None
    return None


def _values(text: str) -> list[str]:
    """What stands between commas, each once."""
    return list(dict.fromkeys(each.strip() for each in re.split(r"[,\n]", text) if each.strip()))


def _midnight(day: str) -> datetime:
    """The first moment of a day in Stockholm."""
    try:
        return datetime.combine(date.fromisoformat(day), time(), ZoneInfo(STOCKHOLM))
    except ValueError as wrong:
        raise NotADay from wrong
