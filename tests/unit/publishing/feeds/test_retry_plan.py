"""When a webhook is tried again: at least 72 hours, never in step, and by the receiver's wish."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.publishing.feeds.domain.retry_plan import (
    JITTER,
    STEPS,
    Answer,
    meaning,
    next_try,
    retry_after,
)

NOW = datetime(2027, 2, 1, 12, tzinfo=UTC)
chances = st.floats(0, 1, allow_nan=False)


@given(st.lists(chances, min_size=len(STEPS), max_size=len(STEPS)))
def test_nothing_is_given_up_before_72_hours(drawn: list[float]) -> None:
    """Whatever the jitter: ten tries, over 72 hours at least and 96 at most."""
    at, tries = NOW, 1
    while later := next_try(tries, at, chance=drawn[tries - 1] if tries <= len(STEPS) else 0):
        at, tries = later, tries + 1
    assert tries == len(STEPS) + 1
    assert timedelta(hours=72) <= at - NOW <= timedelta(hours=96)


@given(st.integers(1, len(STEPS)), chances, st.integers(0, 10**9))
def test_a_wish_lengthens_and_never_shortens(failures: int, chance: float, seconds: int) -> None:
    """The receiver may ask for up to a day more, not for us to hurry."""
    plain = next_try(failures, NOW, chance=chance)
    wished = next_try(failures, NOW, chance=chance, retry_after=timedelta(seconds=seconds))
    assert plain is not None
    assert wished is not None
    asked = NOW + min(timedelta(seconds=seconds), timedelta(hours=24))
    assert wished == max(plain, asked)


def test_two_partners_do_not_come_back_together() -> None:
    """The jitter spreads a pause over a tenth of it."""
    soonest, latest = next_try(6, NOW, chance=0), next_try(6, NOW, chance=1)
    assert soonest is not None
    assert latest is not None
    assert latest - soonest == STEPS[5] * JITTER


@pytest.mark.parametrize(
    ("status", "means"),
    [
        (200, "taken"),
        (204, "taken"),
        (299, "taken"),
        (0, "failed"),
        (199, "failed"),
        (301, "failed"),
        (302, "failed"),
        (307, "failed"),
        (400, "failed"),
        (404, "failed"),
        (410, "gone"),
        (429, "slow-down"),
        (500, "failed"),
        (502, "slow-down"),
        (503, "slow-down"),
        (504, "slow-down"),
    ],
)
def test_what_an_answer_means(status: int, means: str) -> None:
    """2xx alone is success; a redirect is a failure; 410 ends it."""
    assert meaning(Answer(status)) == means


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("120", 120),
        (" 7 ", 7),
        ("Mon, 01 Feb 2027 12:01:00 GMT", 60),
        ("Mon, 01 Feb 2027 11:00:00 GMT", 0),
        ("-5", None),
        ("1e9", None),
        ("soon", None),
        ("٣", None),
        ("9" * 40, None),
        ("", None),
    ],
)
def test_retry_after_in_both_forms(header: str | None, seconds: int | None) -> None:
    """Seconds or a date; anything else is no wish."""
    wished = retry_after(header, NOW)
    assert (None if wished is None else wished.total_seconds()) == seconds
