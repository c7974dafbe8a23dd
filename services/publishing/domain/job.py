"""A mailing with what belongs to it: which newsletter, to whom, how fast, and since when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from services.publishing.domain.limits import Limit
from services.publishing.domain.mailing import ENDED, Mailing, Tally
from services.publishing.domain.segments import All, Segment

EVERYBODY = All(())


@dataclass(frozen=True, slots=True)
class Job:
    """`batches` is how many were frozen. `again` is the cause that is being sent to once more.

    `ended_at` is set when nobody's outcome is open any more, and it was told.
    """

    mailing: Mailing
    newsletter_id: str
    list_id: str
    made_at: datetime
    segment: Segment = field(default_factory=lambda: EVERYBODY)
    limit: Limit | None = None
    batches: int = 0
    again: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    version: int = 0

    @property
    def id(self) -> str:
        """The mailing's."""
        return self.mailing.id

    @property
    def is_watched(self) -> bool:
        """Whether something may still happen to it by itself."""
        return self.started_at is not None and self.ended_at is None


@dataclass(frozen=True, slots=True)
class Pace:
    """How far it was at a moment, and how many came to an end per second of late."""

    at: datetime
    done: int
    per_second: float = 0.0


@dataclass(frozen=True, slots=True)
class Progress:
    """Where everybody stands; `codes` are bounces by code. `left` is None when nobody can say."""

    job: Job
    tally: Tally
    codes: dict[str, int]
    per_second: float
    left: timedelta | None


_SMOOTH = timedelta(seconds=5)
_SLOWEST = 0.01


def paced(known: Pace | None, tally: Tally, now: datetime) -> Pace:
    """The pace with what was done since: the last seconds count most."""
    done = tally.total - tally.open
    if known is None or done < known.done or now <= known.at:
        return Pace(now, done)
    elapsed = (now - known.at) / timedelta(seconds=1)
    weight = min(1.0, elapsed / _SMOOTH.total_seconds())
    latest = (done - known.done) / elapsed
    return Pace(now, done, known.per_second + (latest - known.per_second) * weight)


def progress(job: Job, tally: Tally, codes: dict[str, int], pace: Pace | None) -> Progress:
    """What is shown of it."""
    rate = pace.per_second if pace is not None and job.mailing.state == "running" else 0.0
    left = timedelta(seconds=tally.open / rate) if rate > _SLOWEST and tally.open else None
    if job.mailing.state in ENDED and not tally.open:
        left = timedelta()
    return Progress(job, tally, codes, round(rate, 1), left)
