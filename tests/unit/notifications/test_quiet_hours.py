"""No phone rings between 21 and 08."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.quiet_hours import QuietHours

STOCKHOLM = ZoneInfo("Europe/Stockholm")
QUIET = QuietHours(on=True)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "rings"),
    [
        ("2027-01-14T20:59", "2027-01-14T20:59"),
        ("2027-01-14T21:00", "2027-01-15T08:00"),
        ("2027-01-15T02:00", "2027-01-15T08:00"),
        ("2027-01-15T08:00", "2027-01-15T08:00"),
        # The night when the clocks go forward, and the one when they go back.
        ("2027-03-27T23:00", "2027-03-28T08:00"),
        ("2027-10-30T22:00", "2027-10-31T08:00"),
    ],
)
def test_the_night_is_waited_out(now: str, rings: str) -> None:
    """From 21 until 08 on the wall clock, also in the nights when it is moved."""
    assert QUIET.ring_at(local(now)) == local(rings)


def test_a_cancellation_of_something_early_goes_out_anyway() -> None:
    """What starts before the quiet ends is told at once; what starts later waits."""
    now = local("2027-01-14T22:00")
    assert QUIET.ring_at(now, urgent_until=local("2027-01-15T07:30")) == now
    assert QUIET.ring_at(now, urgent_until=local("2027-01-15T09:00")) == local("2027-01-15T08:00")


@given(st.datetimes(datetime(2027, 1, 1), datetime(2027, 12, 31)))  # noqa: DTZ001
def test_a_year_of_moments(moment: datetime) -> None:
    """Whenever it is asked, it rings by day, never earlier than asked, within half a day."""
    now = moment.replace(tzinfo=UTC)
    rings = QUIET.ring_at(now)
    assert 8 <= rings.astimezone(STOCKHOLM).hour < 21
    assert now <= rings <= now + timedelta(hours=12)
    assert QuietHours(on=False).ring_at(now) == now
