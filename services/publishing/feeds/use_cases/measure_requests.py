"""Each partner has one measure of requests, whichever of our processes it asks.

A process takes a few of a partner's tokens at a time and gives them out from memory, so that a
request seldom waits for the database. What it takes is gone from the bucket that all share: never
is more allowed than the measure says, and of what lies unused in other processes little is lost.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.storage.measures import Measure, Measures
from shared.web.refusals import TooManyRequests

BURST_SECONDS = 10
PART = 20
"""A process takes this part of a burst at a time."""
HELD = 10.0
"""Seconds after which tokens that were not used are given up."""


@dataclass(slots=True)
class _Hand:
    """What a process holds for a partner. `empty_until`: before that nothing can be in the bucket.

    Times are of the monotonic clock.
    """

    per_minute: int
    tokens: int = 0
    until: float = 0.0
    empty_until: float = 0.0
    one_asks: asyncio.Lock = field(default_factory=asyncio.Lock)

    def gives(self, now: float) -> bool:
        if self.tokens < 1 or now > self.until:
            return False
        self.tokens -= 1
        return True


class MeasureRequests:
    """Asked once for each request of a partner's."""

    def __init__(self, measures: Measures) -> None:
        self._measures = measures
        self._hands: dict[str, _Hand] = {}

    async def __call__(self, partner: Partner) -> None:
        """One request more. Raises TooManyRequests; PyMongoError when it cannot be known."""
        hand = self._hands.get(partner.id)
        if hand is None or hand.per_minute != partner.per_minute:
            hand = self._hands[partner.id] = _Hand(partner.per_minute)
        if hand.gives(time.monotonic()):
            return
        async with hand.one_asks:
            now = time.monotonic()
            if hand.gives(now):
                return
            if now < hand.empty_until:
                raise TooManyRequests
            await self._fill(hand, partner)
            if not hand.gives(now):
                raise TooManyRequests

    async def _fill(self, hand: _Hand, partner: Partner) -> None:
        measure = measure_of(partner)
        wanted = max(1, measure.burst // PART)
        hand.tokens, left = await self._measures.take(partner.id, measure, wanted)
        now = time.monotonic()
        hand.until = now + HELD
        hand.empty_until = now if hand.tokens else now + (1 - left) / measure.per_second


def measure_of(partner: Partner) -> Measure:
    """Of ten seconds at once, and on average what was agreed."""
    per_second = partner.per_minute / 60
    return Measure(max(1, int(per_second * BURST_SECONDS)), per_second)
