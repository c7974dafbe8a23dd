"""Local wall-clock time and its IANA zone, turned into UTC; hours that clocks skip."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from services.mentoring.domain.meeting_rules import (
    TimeDoesNotExist,
    TimeIsAmbiguous,
    UnknownTimeZone,
)


def to_utc(local: datetime, zone: str) -> datetime:
    """The instant of a naive wall-clock time, aware and in UTC (the first, if it is twice)."""
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def ensure_exists_once(local: datetime, zone: str) -> None:
    """Refuse a wall-clock time that the zone skips or has twice, and a zone nobody knows.

    Raises TimeDoesNotExist, TimeIsAmbiguous or UnknownTimeZone; ValueError for an aware time.
    """
    if local.tzinfo is not None:
        raise ValueError("a wall-clock time is naive")
    try:
        there = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownTimeZone from None
    first = local.replace(tzinfo=there, fold=0)
    if first.astimezone(UTC).astimezone(there).replace(tzinfo=None) != local.replace(fold=0):
        raise TimeDoesNotExist
    if first.utcoffset() != first.replace(fold=1).utcoffset():
        raise TimeIsAmbiguous
