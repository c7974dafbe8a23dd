"""The days on which nobody answers at the centre in Malmö: Swedish holidays and school breaks.

Public holidays come from the library `holidays` (pure tables and arithmetic; no network). To them
belong the eves that Swedish offices keep closed: midsummer, Christmas and New Year.

SCHOOL_BREAKS are the breaks of the city's compulsory schools. The spring of 2026 follows the dates
that Malmö's schools have published; the later ones follow the city's pattern (sportlov week 8,
påsklov the four days before Good Friday, höstlov week 44) and are an estimate for the summer and
Christmas breaks. CHECK THEM EACH YEAR against the city's own list ("läsårstider", malmo.se), and
add the year that comes. A year that is missing here has holidays but no breaks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

from services.booking.domain.office_hours import OfficeCalendar

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SchoolBreak:
    """A break by its Swedish name; both days are part of it."""

    name: str
    first: date
    last: date


SCHOOL_BREAKS: tuple[SchoolBreak, ...] = (
    SchoolBreak("jullov", date(2025, 12, 19), date(2026, 1, 7)),
    SchoolBreak("sportlov", date(2026, 2, 16), date(2026, 2, 20)),
    SchoolBreak("påsklov", date(2026, 3, 30), date(2026, 4, 2)),
    SchoolBreak("sommarlov", date(2026, 6, 12), date(2026, 8, 12)),
    SchoolBreak("höstlov", date(2026, 10, 26), date(2026, 10, 30)),
    SchoolBreak("jullov", date(2026, 12, 21), date(2027, 1, 8)),
    SchoolBreak("sportlov", date(2027, 2, 22), date(2027, 2, 26)),
    SchoolBreak("påsklov", date(2027, 3, 22), date(2027, 3, 25)),
    SchoolBreak("sommarlov", date(2027, 6, 11), date(2027, 8, 13)),
    SchoolBreak("höstlov", date(2027, 11, 1), date(2027, 11, 5)),
    SchoolBreak("jullov", date(2027, 12, 20), date(2028, 1, 7)),
    SchoolBreak("sportlov", date(2028, 2, 21), date(2028, 2, 25)),
    SchoolBreak("påsklov", date(2028, 4, 10), date(2028, 4, 13)),
    SchoolBreak("sommarlov", date(2028, 6, 9), date(2028, 8, 14)),
    SchoolBreak("höstlov", date(2028, 10, 30), date(2028, 11, 3)),
    SchoolBreak("jullov", date(2028, 12, 20), date(2029, 1, 8)),
)


def swedish_holidays(year: int) -> frozenset[date]:
    """Public holidays of a year, ordinary Sundays apart, with the three eves."""
    public = holidays.country_holidays("SE", years=year, include_sundays=False)
    eves = {midsummer_eve(year), date(year, 12, 24), date(year, 12, 31)}
    return frozenset(public) | eves


def midsummer_eve(year: int) -> date:
    """The Friday that falls on 19–25 June."""
    day = date(year, 6, 19)
    return day + _DAY * ((4 - day.weekday()) % 7)


def school_break_days() -> frozenset[date]:
    """Every day of every break in the table."""
    return frozenset(
        each.first + _DAY * n
        for each in SCHOOL_BREAKS
        for n in range((each.last - each.first).days + 1)
    )


@lru_cache(maxsize=4)
def malmo_office(first_year: int = 2025, last_year: int = 2034) -> OfficeCalendar:
    """The centre's office calendar, holidays known for the years given (both included)."""
    return OfficeCalendar(closed=_closed(range(first_year, last_year + 1)))


def _closed(years: Iterable[int]) -> frozenset[date]:
    return school_break_days().union(*(swedish_holidays(year) for year in years))
