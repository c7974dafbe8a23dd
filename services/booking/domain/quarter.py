"""A quarter of the centre's accounts, in local time. Source: DESIGN §1."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_HERE = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """`number` from 1 to 4."""

    year: int
    number: int

    def __str__(self) -> str:
        """For example 2027-Q1."""
        return f"{self.year}-Q{self.number}"

    @property
    def begins(self) -> datetime:
        """The first instant, in UTC."""
        return datetime(self.year, 3 * self.number - 2, 1, tzinfo=_HERE).astimezone(UTC)

    @property
    def ends(self) -> datetime:
        """The first instant of the next one, in UTC."""
        return self.later(1).begins

    def later(self, by: int) -> Quarter:
        """So many quarters later; earlier when negative."""
        count = self.year * 4 + self.number - 1 + by
        return Quarter(count // 4, count % 4 + 1)


def quarter_of(moment: datetime) -> Quarter:
    """The quarter in which a moment falls here."""
    here = moment.astimezone(_HERE)
    return Quarter(here.year, (here.month + 2) // 3)


def quarter_named(text: str) -> Quarter:
    """The inverse of `str`, for text that has that shape."""
    year, _, number = text.partition("-Q")
    return Quarter(int(year), int(number))
