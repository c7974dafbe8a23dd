"""The calendar day in Malmö, which is what a deadline in days is measured in."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

MALMO = ZoneInfo("Europe/Stockholm")


def day_of(at: datetime) -> date:
    """The day in Malmö at an aware instant."""
    return at.astimezone(MALMO).date()


def same_day_in(day: date, years: int) -> date:
    """The same day so many years later (earlier when negative); 29 February gives 1 March."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def age_on(minor_until: date | None, day: date) -> int | None:
    """Whole years of age on a day, from the 18th birthday; None for an adult or when unknown."""
    if minor_until is None or day >= minor_until:
        return None
    before = minor_until.year - day.year
    return 18 - before - (day < same_day_in(minor_until, -before))
