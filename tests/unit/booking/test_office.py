"""Office hours, working days, holidays and school breaks in Malmö."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.booking.domain.office_days import (
    SCHOOL_BREAKS,
    malmo_office,
    midsummer_eve,
    swedish_holidays,
)
from services.booking.domain.office_hours import OfficeCalendar
from tests.unit.booking.story import utc

ALWAYS_OPEN = OfficeCalendar()
moments = st.datetimes(
    datetime.fromisoformat("2026-01-01"),
    datetime.fromisoformat("2028-12-31"),
    timezones=st.just(UTC),
)


@pytest.mark.parametrize(
    ("made", "deadline"),
    [
        ("2027-04-12T06:00", "2027-04-12T14:00"),  # Monday 08:00 → 16:00
        ("2027-04-12T13:00", "2027-04-13T12:00"),  # Monday 15:00 → Tuesday 14:00
        ("2027-04-12T02:00", "2027-04-12T14:00"),  # before opening counts from opening
        ("2027-04-16T14:00", "2027-04-19T13:00"),  # Friday 16:00 → Monday 15:00
        ("2027-04-17T10:00", "2027-04-19T14:00"),  # Saturday → Monday 16:00
    ],
)
def test_deadlines_run_in_office_hours(made: str, deadline: str) -> None:
    """Nights and weekends do not count."""
    assert malmo_office().add_office_hours(utc(made), 8) == utc(deadline)


def test_easter_and_the_new_clock() -> None:
    """Easter 2027: an offer made on Wednesday in winter time stands until Tuesday in summer time.

    Wednesday and Thursday are påsklov, then comes Good Friday, the clocks go forward on Sunday
    28 March, and Monday is a holiday: nobody answers before Tuesday.
    """
    at = utc("2027-03-24T15:00")
    assert malmo_office().add_office_hours(at, 8) == utc("2027-03-30T14:00")
    without_breaks = OfficeCalendar(closed=swedish_holidays(2027))
    assert without_breaks.add_office_hours(at, 8) == utc("2027-03-25T14:00")
    assert without_breaks.add_office_hours(utc("2027-03-25T14:00"), 8) == utc("2027-03-30T12:00")


def test_a_sportlov_does_not_count() -> None:
    """Friday before sportlov 2027 (week 8) at 16:00: the next hour is on Monday 1 March."""
    assert malmo_office().add_office_hours(utc("2027-02-19T15:00"), 2) == utc("2027-03-01T08:00")


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2027, 3, 26), False),  # Good Friday
        (date(2027, 5, 6), False),  # Ascension Day
        (date(2027, 5, 7), True),
        (date(2026, 12, 24), False),
        (date(2026, 12, 31), False),
        (date(2027, 1, 6), False),  # Epiphany
        (date(2027, 2, 24), False),  # sportlov
        (date(2027, 11, 3), False),  # höstlov
        (date(2028, 10, 31), False),  # höstlov, week 44
        (date(2027, 4, 13), True),
        (date(2027, 4, 17), False),  # Saturday
        (date(2033, 6, 24), False),  # midsummer eve in a year without listed breaks
    ],
)
def test_when_the_office_is_open(day: date, is_open: bool) -> None:
    """Weekdays, but for holidays, their eves and the school's breaks."""
    assert malmo_office().is_working_day(day) is is_open


def test_midsummer_eve_is_the_friday_between_19_and_25_june() -> None:
    """As the almanac has it, year after year."""
    for year in range(2024, 2040):
        day = midsummer_eve(year)
        assert day.weekday() == 4
        assert date(year, 6, 19) <= day <= date(year, 6, 25)
        assert day + timedelta(days=1) in swedish_holidays(year)


def test_each_listed_year_has_its_five_breaks() -> None:
    """Sportlov, påsklov, sommarlov, höstlov and jullov begin in each of 2026, 2027 and 2028."""
    for year in (2026, 2027, 2028):
        begun = [each.name for each in SCHOOL_BREAKS if each.first.year == year]
        assert begun == ["sportlov", "påsklov", "sommarlov", "höstlov", "jullov"]
    weeks = {(each.name, each.first.isocalendar().week) for each in SCHOOL_BREAKS}
    assert {week for name, week in weeks if name == "sportlov"} == {8}
    assert {week for name, week in weeks if name == "höstlov"} == {44}
    for before, after in pairwise(SCHOOL_BREAKS):
        assert before.first <= before.last < after.first


def test_a_calendar_that_never_opens_is_a_mistake() -> None:
    """It is said, not searched for ever."""
    every_day = frozenset(date(2027, 1, 1) + timedelta(days=n) for n in range(3700))
    with pytest.raises(ValueError, match="closed"):
        OfficeCalendar(closed=every_day).add_office_hours(utc("2027-01-01T00:00"), 1)


@given(at=moments, ahead=st.integers(0, 60), days=st.integers(0, 6))
@settings(max_examples=200, derandomize=True, deadline=None, database=None)
def test_the_two_ways_to_count_working_days_agree(at: datetime, ahead: int, days: int) -> None:
    """Counting the days that are left, and finding when so many are left, give one answer."""
    office, start = malmo_office(), at + timedelta(days=ahead)
    last_days = at >= office.begin_of_last_days(start, days)
    assert last_days == (office.working_days_until(at, start) <= days)


@given(at=moments, hours=st.integers(1, 40))
@settings(max_examples=200, derandomize=True, deadline=None, database=None)
def test_office_hours_add_up(at: datetime, hours: int) -> None:
    """Hour after hour comes to the same as all at once, always inside the office's hours."""
    office, step = malmo_office(), at
    for _ in range(hours):
        step = office.add_office_hours(step, 1)
    assert step == office.add_office_hours(at, hours)
    local = step.astimezone(ZoneInfo("Europe/Stockholm"))
    assert office.is_working_day(local.date())
    assert time(8) < local.time() <= time(17)


def test_today_counts_until_the_office_closes() -> None:
    """At 16:59 on Friday four working days are left before Thursday; at 17:00 three."""
    start = utc("2027-04-22T08:00")
    assert ALWAYS_OPEN.working_days_until(utc("2027-04-16T14:59"), start) == 4
    assert ALWAYS_OPEN.working_days_until(utc("2027-04-16T15:00"), start) == 3
    assert ALWAYS_OPEN.begin_of_last_days(start, 3) == utc("2027-04-16T15:00")


def test_a_plain_week_has_five_working_days() -> None:
    """Monday to Monday, with nothing closed."""
    assert ALWAYS_OPEN.working_days_between(date(2027, 4, 12), date(2027, 4, 19)) == 5
    assert ALWAYS_OPEN.working_days_between(date(2027, 4, 19), date(2027, 4, 12)) == 0
