"""Limits that several mailers share: each reserves moments ahead, and uses them then or never.

A moment that was reserved is used within its grace, or is lost. The bucket is reckoned with a
window that is longer by that grace: whatever is used late, no window is exceeded by one. A mailer
that is killed takes only moments with it that nobody can use any more.
"""

from __future__ import annotations

from datetime import timedelta

from services.publishing.domain.limits import (
    SECOND,
    Bucket,
    Limit,
    charged,
    ready_at,
    slowed,
)

AHEAD = SECOND // 2
"""How far ahead moments are reserved: what a killed mailer may leave unused."""
AT_ONCE = 500
_SHORTEST, _LONGEST = timedelta(milliseconds=20), timedelta(seconds=2)
_OBSERVED = timedelta(seconds=10)


def grace(limit: Limit) -> timedelta:
    """How late a reserved moment may be used: a hundredth of the window, within bounds."""
    return min(max(limit.per / 100, _SHORTEST), _LONGEST)


def reckoned(limit: Limit) -> Limit:
    """The limit that the bucket is kept by: late use never exceeds the one that is meant."""
    return Limit(limit.messages, limit.per + grace(limit))


def reserved(bucket: Bucket, begins: int, wanted: int) -> tuple[Bucket, list[int], int]:
    """At most `wanted` moments that come soon after `begins`; and the next one that is free.

    All in nanoseconds of one clock, that of the database.
    """
    found: list[int] = []
    at = ready_at(bucket, begins)
    while len(found) < min(wanted, AT_ONCE) and at <= begins + AHEAD:
        found.append(at)
        bucket = charged(bucket, at)
        at = ready_at(bucket, at)
    return bucket, found, at


def complained(bucket: Bucket | None, per_second: float, now: int) -> Bucket:
    """A server asked for less. Where there is no limit, what was seen of late becomes one."""
    if bucket is None:
        seconds = _OBSERVED.total_seconds()
        bucket = Bucket(reckoned(Limit(max(1, round(per_second * seconds)), _OBSERVED)))
    return slowed(bucket, now)


def is_over(bucket: Bucket, now: int) -> bool:
    """Whether a limit that only a complaint made has served its time."""
    return bucket.speed(now) >= 1.0
