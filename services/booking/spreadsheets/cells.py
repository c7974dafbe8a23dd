"""What may stand in a cell, and the sentence when it does not."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from shared.spreadsheets.trouble import CellTrouble

_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_DAY_FIRST = re.compile(r"([0-9]{1,2})[/.]([0-9]{1,2})[/.]([0-9]{4})")
_CLOCK = re.compile(r"(?:kl\.? ?)?([0-9]{1,2})[.:]([0-9]{2})(?:[.:]00)?", re.IGNORECASE)
_WITH_SECONDS = re.compile(r"((?:kl\.? ?)?[0-9]{1,2}[.:][0-9]{2})[.:]([0-5][0-9])", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:[.,]0+)?")
_EARLIEST, _LATEST = 2000, 2100


def read_date(cell: str) -> date:
    """`2027-01-18`, `18/01/2027` or `18.01.2027` (day first)."""
    iso, day_first = _ISO.fullmatch(cell), _DAY_FIRST.fullmatch(cell)
    if iso:
        year, month, day = (int(part) for part in iso.groups())
    elif day_first:
        day, month, year = (int(part) for part in day_first.groups())
    else:
        raise CellTrouble(
            "not-a-date",
            "Skriv ett datum som 2027-03-01.",
            "Write a date like 2027-03-01.",
        )
    try:
        found = date(year, month, day)
    except ValueError:
        found = date.min
    if not _EARLIEST <= found.year <= _LATEST:
        raise CellTrouble(
            "impossible-date",
            "Det datumet finns inte i kalendern. Skriv ett datum som 2027-03-01.",
            "That date is not in the calendar. Write a date like 2027-03-01.",
        )
    return found


def read_time(cell: str) -> time:
    """`13:30`, `13.30` or `9.00`."""
    found = _CLOCK.fullmatch(cell)
    if not found:
        raise CellTrouble(
            "not-a-time", "Skriv ett klockslag som 13:30.", "Write a time like 13:30."
        )
    hour, minute = int(found[1]), int(found[2])
    if hour > 23 or minute > 59:
        raise CellTrouble(
            "impossible-time",
            "Det klockslaget finns inte. Skriv ett mellan 00:00 och 23:59, till exempel 13:30.",
            "There is no such time. Write one between 00:00 and 23:59, for example 13:30.",
        )
    return time(hour, minute)


def read_moment(cell: str) -> datetime:
    """A date and a time with a space (or `T`) between, local wall clock; forms write seconds."""
    day, _, clock = cell.replace("T", " ").partition(" ")
    precise = _WITH_SECONDS.fullmatch(clock)
    clock, seconds = precise.groups() if precise else (clock, "0")
    start = read_time(clock) if clock else time()
    return datetime.combine(read_date(day), start.replace(second=int(seconds)))


def read_number(cell: str, *, least: int, most: int, example: int) -> int:
    """A whole number in figures from `least` to `most`."""
    plain = cell.replace(" ", "")
    if not _NUMBER.fullmatch(plain):
        raise CellTrouble(
            "not-a-number",
            f"Skriv ett tal utan ord, till exempel {example}.",
            f"Write a number without words, for example {example}.",
        )
    number = int(re.split("[.,]", plain)[0])
    if not least <= number <= most:
        raise CellTrouble(
            "number-out-of-range",
            f"Talet ska vara mellan {least} och {most}.",
            f"The number must be between {least} and {most}.",
        )
    return number


def read_text(cell: str, *, most: int = 200) -> str:
    """A short text that may not be blank."""
    if not cell:
        raise CellTrouble("blank", "Fyll i cellen: den är tom.", "Fill in the cell: it is empty.")
    return read_optional_text(cell, most=most)


def read_optional_text(cell: str, *, most: int = 200) -> str:
    """A short text, or nothing."""
    if len(cell) > most or not cell.isprintable():
        raise CellTrouble(
            "text-too-long",
            f"Texten får vara högst {most} vanliga tecken.",
            f"The text may be at most {most} ordinary characters.",
        )
    return cell
