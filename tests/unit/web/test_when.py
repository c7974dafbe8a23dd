"""When a mailing is to begin, over the nights on which the clock is changed."""

from __future__ import annotations

import pytest

from services.web.staff.letters.when import instant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2027-03-28T01:59", "2027-03-28T00:59:00+00:00"),
        ("2027-03-28T03:00", "2027-03-28T01:00:00+00:00"),
        ("2027-10-31T02:30", "2027-10-31T00:30:00+00:00"),
        ("2027-10-31T03:00", "2027-10-31T02:00:00+00:00"),
        ("2027-06-01T13:30", "2027-06-01T11:30:00+00:00"),
        ("2027-03-28T02:30+01:00", "2027-03-28T01:30:00+00:00"),
    ],
)
def test_a_time_is_what_the_clock_in_stockholm_shows(written: str, meant: str) -> None:
    """The last minute of winter, the first of summer, the first of two, and one with its zone."""
    assert instant(written) == (meant, "")


@pytest.mark.parametrize("written", ["2027-03-28T02:00", "2027-03-28T02:30", "2027-03-28T02:59"])
def test_an_hour_that_does_not_exist_is_not_moved_to_another(written: str) -> None:
    """Letters do not leave an hour later than somebody wrote, without a word."""
    assert instant(written) == (None, "staff_mailing_skipped_time")


@pytest.mark.parametrize("written", ["", "x", "2027-02-30T10:00", "10:00"])
def test_what_is_no_time(written: str) -> None:
    """The page asks for one."""
    assert instant(written) == (None, "staff_mailing_no_time")
