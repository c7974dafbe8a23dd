"""Local wall-clock time and its IANA zone, turned into UTC; hours that clocks skip."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.kernel.refusal import Refusal


class TimeDoesNotExist(Refusal):
    """The clocks go forward over this wall-clock time."""

    kind = "time-does-not-exist"
    sv = "Den tiden finns inte: klockan ställs fram då. Välj en annan tid."
    en = "That time does not exist: the clocks go forward then. Choose another time."


class TimeIsAmbiguous(Refusal):
    """The clocks go back: this wall-clock time comes twice."""

    kind = "time-is-ambiguous"
    sv = "Den tiden finns två gånger: klockan ställs tillbaka då. Välj en annan tid."
    en = "That time comes twice: the clocks go back then. Choose another time."


class UnknownTimeZone(Refusal):
    """The zone is an IANA name."""

    kind = "unknown-time-zone"
    sv = "Tidszonen är okänd. Använd till exempel Europe/Stockholm."
    en = "The time zone is unknown. Use for example Europe/Stockholm."


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
