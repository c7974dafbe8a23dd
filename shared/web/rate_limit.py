"""A bucket of tokens per client address, for whoever comes without an account. Kept in memory.

Each process counts for itself, so the bound of a service is this times its processes.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from fastapi import Request

from shared.web.refusals import TooManyRequests
from shared.web.visitor import visitor_of

MOST_ADDRESSES = 10_000


class TokenBuckets:
    """`burst` at once, then `per_second`, for each name by itself."""

    def __init__(
        self,
        burst: int,
        per_second: float,
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = float(burst)
        self._per_second = per_second
        self._seconds = seconds
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> bool:
        """Whether one more is allowed; takes it if so."""
        now = self._seconds()
        level, at = self._levels.pop(name, (self._burst, now))
        level = min(self._burst, level + (now - at) * self._per_second)
        allowed = level >= 1.0
        self._levels[name] = (level - 1.0 if allowed else level, now)
        while len(self._levels) > MOST_ADDRESSES:
            self._levels.popitem(last=False)
        return allowed


def check_anonymous(request: Request) -> None:
    """Take one from the bucket of the address that asks (see `visitor_of`).

    Raises:
        TooManyRequests: it is empty.
    """
    buckets: TokenBuckets = request.app.state.anonymous
    if not buckets.take(visitor_of(request)):
        raise TooManyRequests
