"""`safespace partners owed <name>`: what a partner was owed, and what it got."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

from services.publishing.feeds.domain.entry import seen_with
from services.publishing.feeds.domain.filters import EVERYTHING
from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.domain.reconciling import Got, Reckoning, reckoned
from services.publishing.feeds.storage.log import FeedLog, Sight
from services.publishing.feeds.storage.receipts import Receipts
from services.publishing.feeds.storage.webhooks import Webhooks


@dataclass(frozen=True, slots=True)
class Reckoned:
    """`upto`: the log as it was when this was asked."""

    upto: int
    answer: Reckoning
    doors: list[Got]


@dataclass(frozen=True, slots=True)
class Reckon:
    """Every entry in sight of what was agreed at its time, against the receipts of all doors."""

    log: FeedLog
    receipts: Receipts
    webhooks: Webhooks

    async def __call__(self, partner: Partner) -> Reckoned:
        """Up to now. What was told while it was asked is not in it."""
        upto = await self.log.head()
        doors = [*await self.receipts.of(partner.id), *await self.webhooks.got(partner.id)]
        owed = [position async for position in self._owed(partner, upto)]
        return Reckoned(upto, reckoned(owed, doors), doors)

    async def _owed(self, partner: Partner, upto: int) -> AsyncIterator[int]:
        parts = partner.entitlements
        ends = [one.after for one in parts[1:]] + [upto]
        for one, end in zip(parts, ends, strict=True):
            sight = Sight(seen_with(one.scopes), one.only, EVERYTHING)
            async for position in self.log.positions(sight, after=one.after, upto=min(end, upto)):
                yield position
