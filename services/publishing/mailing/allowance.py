"""Whether a letter may go now, under all the limits that it counts for."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from services.publishing.domain.limits import (
    SECOND,
    Bucket,
    Key,
    Limit,
    all_ready_at,
    slowed,
    take,
)
from services.publishing.mailing.ports import StoreAway, StoreRefused

log = structlog.get_logger(__name__)

_ASK_AGAIN = SECOND // 50
_RETRY = 0.5
_WATCHED = 5 * SECOND
_MANY = 32
_COMPLAINED_OF = frozenset({"server", "domain"})


class Allowance(Protocol):
    """`now` is nanoseconds since 1970, as everywhere here."""

    @property
    def free(self) -> bool:
        """Nothing is limited at all: nobody need be asked."""
        ...

    def take(self, keys: Sequence[Key], now: int) -> int:
        """0: one letter is counted under all these keys. Else the moment to ask again."""
        ...

    def ready_at(self, keys: Sequence[Key], now: int) -> int:
        """The first moment, not before now, that is worth asking at."""
        ...

    def complained(self, keys: Sequence[Key], now: int) -> None:
        """A server asked for less, about these."""
        ...


class OwnBuckets:
    """Counted in this process alone."""

    def __init__(self, buckets: dict[Key, Bucket]) -> None:
        self.buckets = buckets

    @property
    def free(self) -> bool:
        """See `Allowance`."""
        return not self.buckets

    def take(self, keys: Sequence[Key], now: int) -> int:
        """See `Allowance`."""
        changed, ready = take(self.buckets, keys, now)
        self.buckets.update(changed)
        return ready

    def ready_at(self, keys: Sequence[Key], now: int) -> int:
        """See `Allowance`."""
        return all_ready_at(self.buckets, keys, now)

    def complained(self, keys: Sequence[Key], now: int) -> None:
        """See `Allowance`."""
        for key in keys:
            if key in self.buckets:
                self.buckets[key] = slowed(self.buckets[key], now)


class Moments(Protocol):
    """Where limits are kept for all mailers."""

    async def reserve(
        self, key: Key, limit: Limit | None, wanted: int
    ) -> tuple[list[tuple[int, int]], int] | None:
        """Moments of ours (earliest, latest), and when to ask again; None: there is no limit."""
        ...

    async def complained(self, key: Key, limit: Limit | None, per_second: float) -> None:
        """Slow it down for everybody."""
        ...


class SharedLimits:
    """Moments are reserved ahead from what all mailers share; what has no limit costs nothing.

    `limit_of` is what is allowed by the house's own settings; a complaint can make a limit beside.
    `woken` is called when there may be something to take again.
    """

    def __init__(
        self,
        moments: Moments,
        limit_of: Callable[[Key], Limit | None],
        woken: Callable[[], None],
    ) -> None:
        self._moments, self._limit_of, self._woken = moments, limit_of, woken
        self._held: dict[Key, deque[tuple[int, int]]] = {}
        self._again: dict[Key, int] = {}
        self._wanted: Counter[Key] = Counter()
        self._known: set[Key] = set()
        self._complaints: dict[Key, float] = {}
        self._seen: Counter[Key] = Counter()
        self._before: Counter[Key] = Counter()
        self._seen_since = 0
        self._bell = asyncio.Event()

    @property
    def free(self) -> bool:
        """Never: what is sent is watched, so that a complaint can be measured against it."""
        return False

    def take(self, keys: Sequence[Key], now: int) -> int:
        """See `Allowance`."""
        ready = self.ready_at(keys, now)
        if ready > now:
            return ready
        for key in keys:
            if key in self._held:
                self._held[key].popleft()
        self._watch(keys, now)
        return 0

    def ready_at(self, keys: Sequence[Key], now: int) -> int:
        """See `Allowance`."""
        found = now
        for key in keys:
            if key not in self._known:
                self._known.add(key)
                if self._limit_of(key) is not None:
                    self._held[key] = deque()
            if key in self._held:
                found = max(found, self._ready(key, now))
        return found

    def complained(self, keys: Sequence[Key], now: int) -> None:
        """See `Allowance`."""
        for key in keys:
            self._complaints.setdefault(key, self._speed(key, now))
        self._bell.set()

    def is_limited(self, key: Key) -> None:
        """Somebody slowed it down: what was reserved at the old speed is let go."""
        self._known.add(key)
        self._held[key] = deque()
        self._again.pop(key, None)

    async def run(self) -> None:
        """Reserve what is wanted, until cancelled."""
        while True:
            await self._bell.wait()
            self._bell.clear()
            try:
                await self._once()
            except (StoreAway, StoreRefused) as error:
                log.warning("limits_away", kind=type(error).__name__)
                self._bell.set()
                await asyncio.sleep(_RETRY)
            self._woken()

    async def _once(self) -> None:
        for key, per_second in tuple(self._complaints.items()):
            await self._moments.complained(key, self._limit_of(key), per_second)
            self._complaints.pop(key, None)
            self.is_limited(key)
        for key in tuple(self._wanted):
            await self._reserve(key)

    async def _reserve(self, key: Key) -> None:
        found = await self._moments.reserve(key, self._limit_of(key), self._wanted[key])
        self._wanted.pop(key, None)
        if found is None:
            self._held.pop(key, None)
            return
        moments, self._again[key] = found
        self._held.setdefault(key, deque()).extend(moments)

    def _ready(self, key: Key, now: int) -> int:
        held = self._held[key]
        while held and held[0][1] < now:
            held.popleft()
        again = self._again.get(key, 0)
        if len(held) < _MANY // 2 and again <= now and key not in self._wanted:
            # Twice as many each time while they are used up: a fast limit asks seldom.
            self._wanted[key] = 500
            self._bell.set()
        if held:
            return max(now, held[0][0])
        return max(now + _ASK_AGAIN, again)

    def _watch(self, keys: Sequence[Key], now: int) -> None:
        if now - self._seen_since > _WATCHED:
            self._before, self._seen = self._seen, Counter()
            self._seen_since = now
        for key in keys:
            if key.scope in _COMPLAINED_OF:
                self._seen[key] += 1

    def _speed(self, key: Key, now: int) -> float:
        elapsed = now - self._seen_since + (_WATCHED if self._before else 0)
        return (self._seen[key] + self._before[key]) / max(1.0, elapsed / SECOND)
