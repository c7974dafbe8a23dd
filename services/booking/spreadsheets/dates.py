"""Dates as people in Sweden write them, and the sentence when it is none."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from services.booking.spreadsheets.times import read_time
from shared.spreadsheets.trouble import CellTrouble

DASHES = re.compile("[-\u2010-\u2015\u2212]")
"""What word processors make of a hyphen looks the same and is meant the same."""
_YEAR_FIRST = re.compile(
    r"(?P<year>[0-9]{4})([-/.])(?P<month>[0-9]{1,2})\2(?P<day>[0-9]{1,2})(?:[ t]0?0:00(?::00)?)?"
)
"""A spreadsheet that knows a date writes midnight behind it."""
_PACKED = re.compile(r"(?P<year>20[0-9]{2})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_DAY_FIRST = re.compile(
    r"(?P<day>[0-9]{1,2})(?:[/.] ?(?P<month>[0-9]{1,2})[/. -]|\.? ?(?P<name>[a-z]{3,9})\.? )"
    r" ?(?P<year>[0-9]{4})"
)
_WEEKDAY = re.compile(r"(?:(?:mån|tis|ons|tors?|fre|lör|sön)(?:dag(?:en)?)?\.?,? )?(?:den )?")
_MONTHS = (
    ("januari", "january"),
    ("februari", "february"),
    ("mars", "march"),
    ("april",),
    ("maj", "may"),
    ("juni", "june"),
    ("juli", "july"),
    ("augusti", "august"),
    ("september",),
    ("oktober", "october"),
    ("november",),
    ("december",),
)
_WEEK = re.compile(r"v(?:ecka)?\.? ?[0-9]{1,2}\b.*")
_SERIAL = re.compile(r"[1-9][0-9]{4}(?:[.,][0-9]+)?")
_MOMENT = re.compile(r"(?P<day>.+?)[ T](?P<clock>(?:kl\.? ?)?[0-9]{1,2}[.:][0-9]{2})(?P<rest>.*)")
_SECONDS = re.compile(r"[.:]([0-5][0-9])")
_EARLIEST, _LATEST = 2000, 2100


def read_date(cell: str) -> date:
    """`2027-03-01`, `20270301`, `01/03/2027`, `1/3 2027` (day first) or `1 mars 2027`."""
    plain = _WEEKDAY.sub("", DASHES.sub("-", cell.casefold()), count=1)
    forms = (_YEAR_FIRST, _PACKED, _DAY_FIRST)
    found = next((match for form in forms if (match := form.fullmatch(plain))), None)
    parts = found.groupdict() if found else {}
    month = _month(parts)
    if month is None:
        raise _no_date(plain)
    try:
        day = date(int(parts["year"]), month, int(parts["day"]))
    except ValueError:
        day = date.min
    if not _EARLIEST <= day.year <= _LATEST:
        raise CellTrouble(
            "impossible-date",
            "Det datumet finns inte i kalendern. Skriv ett datum som 2027-03-01.",
            "That date is not in the calendar. Write a date like 2027-03-01.",
        )
    return day


def read_moment(cell: str) -> datetime:
    """A date and a time with a space (or `T`) between, local wall clock; forms write seconds."""
    found = _MOMENT.fullmatch(cell)
    if not found:
        return datetime.combine(read_date(cell), time())
    start = read_time(found["clock"])
    if precise := _SECONDS.fullmatch(found["rest"]):
        start = start.replace(second=int(precise[1]))
    elif found["rest"]:
        raise _no_date(cell)
    return datetime.combine(read_date(found["day"]), start)


def _month(parts: dict[str, str]) -> int | None:
    """The month in figures, or by its name or the beginning of it; None when there is none."""
    if parts.get("month"):
        return int(parts["month"])
    name = parts.get("name")
    if not name:
        return None
    known = (n for n, names in enumerate(_MONTHS, 1) if any(m.startswith(name) for m in names))
    return next(known, None)


def _no_date(cell: str) -> CellTrouble:
    if _WEEK.fullmatch(cell):
        return CellTrouble(
            "not-a-date",
            "En vecka räcker inte. Skriv vilken dag, till exempel 2027-03-01.",
            "A week is not enough. Write which day, for example 2027-03-01.",
        )
    if _SERIAL.fullmatch(cell):
        return CellTrouble(
            "not-a-date",
            "Här står kalkylprogrammets löpnummer för en dag. Skriv ett datum som 2027-03-01.",
            "This is the spreadsheet's running number of a day. Write a date like 2027-03-01.",
        )
    return CellTrouble(
        "not-a-date", "Skriv ett datum som 2027-03-01.", "Write a date like 2027-03-01."
    )
