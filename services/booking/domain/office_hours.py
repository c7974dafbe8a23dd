"""When somebody is at the office: deadlines run in office hours, and only on working days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_LOOK_AHEAD_DAYS = 3660  # a calendar closed for ten years on end is a mistake, not a holiday


@dataclass(frozen=True, slots=True)
class OfficeCalendar:
    """Weekdays from `opens` to `closes` in local time, the closed days apart."""

    closed: frozenset[date] = frozenset()
    zone: str = "Europe/Stockholm"
    opens: time = time(8)
    closes: time = time(17)

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, and not closed."""
        return day.weekday() < 5 and day not in self.closed

    def add_office_hours(self, at: datetime, hours: int) -> datetime:
        """The instant (UTC) when that many office hours have gone by since `at`.

        Raises ValueError when the calendar has no such hour within ten years.
        """
        left = timedelta(hours=hours)
        for opens, closes in self._spans_from(at):
            begins = max(opens, at)
            if left <= closes - begins:
                return begins + left
            left -= closes - begins
        raise ValueError("the calendar is closed for ten years")

    def working_days_between(self, first: date, end: date) -> int:
        """Working days from `first` up to but not including `end`."""
        return sum(self.is_working_day(first + _DAY * n) for n in range((end - first).days))

    def working_days_until(self, at: datetime, start: datetime) -> int:
        """Working days left before the day of `start`; today counts until the office closes."""
        here = ZoneInfo(self.zone)
        local, first = at.astimezone(here), at.astimezone(here).date()
        if local.time() >= self.closes:
            first += _DAY
        return self.working_days_between(first, start.astimezone(here).date())

    def begin_of_last_days(self, start: datetime, days: int) -> datetime:
        """The instant (UTC) from which at most `days` working days are left before `start`.

        It is the closing time of the working day before those. In a calendar without so many
        working days in the ten years before the start, it is the last of those years.
        """
        day = start.astimezone(ZoneInfo(self.zone)).date()
        seen = 0
        for _ in range(_LOOK_AHEAD_DAYS):
            day -= _DAY
            seen += self.is_working_day(day)
            if seen > days:
                break
        return self._instant(day, self.closes)

    def _spans_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Opening and closing times (UTC) of the working days that have not closed by `at`."""
        day = at.astimezone(ZoneInfo(self.zone)).date()
        for n in range(_LOOK_AHEAD_DAYS):
            if self.is_working_day(day + _DAY * n):
                closes = self._instant(day + _DAY * n, self.closes)
                if closes > at:
                    yield self._instant(day + _DAY * n, self.opens), closes

    def _instant(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, ZoneInfo(self.zone)).astimezone(UTC)
