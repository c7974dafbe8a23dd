"""Dates as people say them, on the wall clock of where it happens."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

_LOCALE = {"sv": "sv_SE", "en": "en_GB"}
_MOMENT = {"sv": "EEEE d MMMM 'kl.' HH:mm", "en": "EEEE d MMMM 'at' HH:mm"}

_CLOCK = {"sv": "kl %H.%M", "en": "at %H:%M"}


def moment(at: datetime, zone: str, language: str) -> str:
    """`torsdag 28 januari kl. 13:30`, `Thursday 28 January at 13:30`."""
    local = at.astimezone(ZoneInfo(zone))
    return format_datetime(local, _MOMENT[language], tzinfo=local.tzinfo, locale=_LOCALE[language])


def briefly(at: datetime, zone: str, language: str) -> str:
    """`tors 28 jan kl 15.00`, `Thu 28 Jan at 15:00`: as somebody writes it in a hurry."""
    local = at.astimezone(ZoneInfo(zone))
    day = format_datetime(local, "EEE d MMM", tzinfo=local.tzinfo, locale=_LOCALE[language])
    return f"{day.replace('.', '')} {local.strftime(_CLOCK[language])}"


def clock(at: datetime, zone: str) -> str:
    """`15:00`."""
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M")
