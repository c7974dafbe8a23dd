"""How long to wait before trying a provider again: doubling, bounded, and never in step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Backoff:
    """`first` doubles per attempt up to `most`; after `attempts` it is given up."""

    first: timedelta
    most: timedelta
    attempts: int

    def pause(self, attempt: int, chance: float) -> timedelta | None:
        """The pause after the nth attempt (from 1), or None when it was the last.

        `chance` in [0, 1) spreads it over the upper half, so that many do not come back at once.
        """
        if attempt >= self.attempts:
            return None
        whole = min(self.most, self.first * float(2 ** min(attempt - 1, 30)))
        return whole * (0.5 + chance / 2)


SMS = Backoff(timedelta(seconds=2), timedelta(minutes=5), attempts=8)
EMAIL = Backoff(timedelta(seconds=5), timedelta(minutes=30), attempts=12)
"""Longer: a greylisting mail server wants a quarter of an hour."""
