"""How fast to send: four limits at once (everything, a server, a recipient's domain, a mailing).

Each is a promise about *any* window: never more than `messages` in any `per`, not by one. A token
bucket kept as one number, the moment when it will be full again (the generic cell rate algorithm,
ITU-T I.371), so that it is small enough to write down often and go on from after a kill.

A server that says 421 or 452 halves the rate; quiet doubles it again, up to what was allowed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Literal, NamedTuple

Scope = Literal["global", "server", "domain", "mailing"]

SECOND = 1_000_000_000
"""Time is whole nanoseconds: fractions would add up over a million messages."""
SLOWEST = 1 / 256
_TOGETHER = SECOND
"""Complaints within a second are one: they answer what was already on its way."""
_DOUBLES_IN = 30 * SECOND


class Key(NamedTuple):
    """Which limit: `("server", "relay-1")`, `("global", "")`."""

    scope: Scope
    name: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `messages` in any `per`.

    `burst` is how many may come at the same moment, a fiftieth of them; `interval` the nanoseconds
    from one to the next at full speed, rounded up.
    """

    messages: int
    per: timedelta
    burst: int = field(init=False)
    interval: int = field(init=False)

    def __post_init__(self) -> None:
        if self.messages < 1 or self.per <= timedelta():
            raise ValueError("a limit lets something through, in some time")
        burst = max(1, self.messages // 50)
        window = self.per // timedelta(microseconds=1) * 1000
        object.__setattr__(self, "burst", burst)
        object.__setattr__(self, "interval", -(-window // (self.messages - burst + 1)))


_WRITTEN = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,5})s")


def limit_of(text: str) -> Limit:
    """`600/60s`: at most 600 in any minute.

    Raises:
        ValueError: it is written otherwise.
    """
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError("a limit is written as 600/60s")
    return Limit(int(found[1]), timedelta(seconds=int(found[2])))


@dataclass(frozen=True, slots=True)
class Bucket:
    """A limit in use: full again at `full_at`; slowed to `factor` of its rate at `slowed_at`."""

    limit: Limit
    full_at: int = 0
    factor: float = 1.0
    slowed_at: int = 0

    def speed(self, now: int) -> float:
        """The part of the allowed rate that is used now: 1 unless a server complained."""
        if self.factor >= 1.0:
            return 1.0
        quiet = max(0, now - self.slowed_at - _TOGETHER)
        return float(min(1.0, self.factor * 2.0 ** min(quiet / _DOUBLES_IN, 60.0)))


Buckets = Mapping[Key, Bucket]


def ready_at(bucket: Bucket, now: int) -> int:
    """The first moment, not before now, at which one more message is within the limit."""
    step, burst = _pace(bucket, now)
    return max(now, bucket.full_at - (burst - 1) * step)


def all_ready_at(buckets: Buckets, keys: Sequence[Key], now: int) -> int:
    """The first moment, not before now, at which one more is within all these limits."""
    found = now
    for key in keys:
        bucket = buckets.get(key)
        if bucket is not None:
            found = max(found, ready_at(bucket, now))
    return found


def take(buckets: Buckets, keys: Sequence[Key], now: int) -> tuple[dict[Key, Bucket], int]:
    """One message under all these limits: what changed, and 0; or nothing, and when to ask again.

    A key without a bucket has no limit. All of them are charged, or none.
    """
    ready = all_ready_at(buckets, keys, now)
    if ready > now:
        return {}, ready
    return {key: charged(buckets[key], now) for key in keys if key in buckets}, 0


def slowed(bucket: Bucket, now: int) -> Bucket:
    """A server asked for less: half of the present speed. Further complaints in its wake: one."""
    if bucket.factor < 1.0 and 0 <= now - bucket.slowed_at < _TOGETHER:
        return bucket
    return replace(bucket, factor=max(SLOWEST, bucket.speed(now) / 2), slowed_at=now)


def charged(bucket: Bucket, now: int) -> Bucket:
    """One message went at this moment."""
    step, _ = _pace(bucket, now)
    full_at = max(bucket.full_at, now) + step
    return Bucket(bucket.limit, full_at, bucket.factor, bucket.slowed_at)


def _pace(bucket: Bucket, now: int) -> tuple[int, int]:
    """Nanoseconds per message, and the burst: one at a time while a server is complaining."""
    speed = 1.0 if bucket.factor >= 1.0 else bucket.speed(now)
    if speed >= 1.0:
        return bucket.limit.interval, bucket.limit.burst
    return int(bucket.limit.interval / speed) + 1, 1
