"""Dates as people say them, on the wall clock of where it happens."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

_LOCALE = {"sv": "sv_SE", "en": "en_GB"}
_MOMENT = {"sv": "EEEE d MMMM 'kl.' HH:mm", "en": "EEEE d MMMM 'at' HH:mm"}


def moment(at: datetime, zone: str, language: str) -> str:
    """`torsdag 28 januari kl. 13:30`, `Thursday 28 January at 13:30`."""
    local = at.astimezone(ZoneInfo(zone))
    return format_datetime(local, _MOMENT[language], tzinfo=local.tzinfo, locale=_LOCALE[language])


def clock(at: datetime, zone: str) -> str:
    """`15:00`."""
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M")
