"""When an address is given up: bounces add up, time and delivered mail take away.

The policy of Mailman 2 (hard 1, soft ½, at most one a day, threshold 5, stale after a week), but
with a half-life instead of a cliff, and with a hard refusal by the recipient's own server counted
so that three are enough.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.publishing.domain.smtp_replies import Kind

WEIGHTS: dict[Kind, float] = {"hard": 2.0, "soft": 0.5, "policy": 0.0}
"""`policy` says something about us, nothing about the address."""
THRESHOLD = 5.0
HALF_LIFE = timedelta(days=14)
ONE_A = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Score:
    """What is held against an address, as of `at`; `counted` is the last bounce that counted."""

    points: float = 0.0
    at: datetime | None = None
    counted: datetime | None = None
    counted_weight: float = 0.0

    def now(self, now: datetime) -> float:
        """The points left at a moment; time that runs backwards changes nothing."""
        if self.at is None or now <= self.at:
            return self.points
        return float(self.points * 0.5 ** ((now - self.at) / HALF_LIFE))


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody's server said no to a letter; `kind` is None when nobody can say how gravely."""

    recipient: uuid.UUID
    subscriber: uuid.UUID
    kind: Kind | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Owing:
    """A batch of a mailing, as it was at `version`, with bounces that nobody has put down yet."""

    mailing_id: str
    number: int
    version: int
    refused: Sequence[Refused]


def bounced(score: Score, kind: Kind, now: datetime) -> Score:
    """One more failure. Several on one day count as the gravest of them."""
    weight, points = WEIGHTS[kind], score.now(now)
    at = now if score.at is None else max(now, score.at)
    if score.counted is not None and abs(now - score.counted) < ONE_A:
        more = max(0.0, weight - score.counted_weight)
        heaviest = max(weight, score.counted_weight)
        return Score(points + more, at, score.counted, heaviest)
    if not weight:
        return score
    return Score(points + weight, at, now, weight)


def delivered(score: Score, now: datetime) -> Score:
    """Mail got through, and no report came back: half is forgiven."""
    return Score(score.now(now) / 2, now, score.counted, score.counted_weight)


def is_dead(score: Score, now: datetime) -> bool:
    """Whether the address goes to the suppression list."""
    return score.now(now) >= THRESHOLD
