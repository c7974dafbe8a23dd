"""When a webhook is tried again, and what its answer means.

Steps from Standard Webhooks 1.0.0: 75.6 h in all. Jitter only lengthens, so that never less than
72 h is promised and no two partners come back in step.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

STEPS: tuple[timedelta, ...] = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""Pauses after the first, second … failure. The first attempt is made at once."""

JITTER = 0.1
"""A pause is longer by up to this part of it."""

LONGEST_WAIT = timedelta(hours=24)
"""A receiver may ask us to wait; not for ever."""

Meaning = Literal["taken", "failed", "slow-down", "gone"]

_SLOW_DOWN = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `status` 0: no answer at all, and `why` says what happened."""

    status: int
    why: str = ""
    retry_after: timedelta | None = None


def meaning(answer: Answer) -> Meaning:
    """2xx alone is success: a redirect is not followed, so it is a failure."""
    if 200 <= answer.status < 300:
        return "taken"
    if answer.status == 410:
        return "gone"
    return "slow-down" if answer.status in _SLOW_DOWN else "failed"


def next_try(
    failures: int, now: datetime, *, chance: float, retry_after: timedelta | None = None
) -> datetime | None:
    """When to try again after so many failures (1: the first); None when all tries are used up.

    `chance` is drawn evenly from 0 to 1. A receiver's own wish lengthens a pause, never shortens.
    """
    if failures > len(STEPS):
        return None
    pause = STEPS[failures - 1] * (1 + JITTER * chance)
    if retry_after is not None:
        pause = max(pause, min(retry_after, LONGEST_WAIT))
    return now + pause


def retry_after(header: str | None, now: datetime) -> timedelta | None:
    """`Retry-After` in seconds or as a date (RFC 9110 §10.2.3); None for anything else."""
    if header is None:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return timedelta(seconds=int(text))
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError):
        return None
    if at.tzinfo is None:
        return None
    return max(timedelta(), at - now)
