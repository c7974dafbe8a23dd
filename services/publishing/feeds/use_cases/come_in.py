"""A partner comes with a key or with a token of its OAuth client, and is let in or not."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from services.publishing.feeds.domain import keys, partner
from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.domain.refusals import KeyDoesNotOpen, KeyIsMistyped
from services.publishing.feeds.storage.partners import Partners
from shared.kernel.clock import real_now
from shared.web.rate_limit import TokenBuckets
from shared.web.refusals import TooManyRequests

_BURST_SECONDS = 10
_LATELY = 0.5
"""Seconds for which a reader that is in stays in unseen, if nothing is heard of its partner."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One look at a partner, for all of its readers. `heard`: what had been heard by then."""

    at: float
    heard: int
    found: asyncio.Future[Partner | None]

    def holds(self, heard: int) -> bool:
        return self.heard == heard and time.monotonic() - self.at <= _LATELY


@dataclass(frozen=True, slots=True)
class Came:
    """Who came in, and how: `key` is empty for a client with a token."""

    partner: Partner
    key: str = ""


class ComeIn:
    """Keys by their checksum, hash, end, network and partner; tokens by their client.

    Each partner has its own measure of requests, in this process.
    """

    def __init__(self, partners: Partners) -> None:
        self._partners = partners
        self._buckets: dict[tuple[str, int], TokenBuckets] = {}
        self._looks: dict[str, _Look] = {}

    async def with_key(self, text: str, address: str) -> Came:
        """Raises KeyIsMistyped, KeyDoesNotOpen, TooManyRequests."""
        if not keys.is_whole(text):
            raise KeyIsMistyped
        found = await self._partners.by_key(keys.id_of(text))
        if found is None:
            raise KeyDoesNotOpen
        partner.ensure_key_opens(found, text, real_now())
        partner.ensure_may_come_in(found, address)
        self._measure(found)
        return Came(found, text)

    async def with_client(self, client: str, address: str) -> Came:
        """Raises KeyDoesNotOpen, TooManyRequests."""
        found = await self._partners.by_client(client)
        if found is None:
            raise KeyDoesNotOpen
        partner.ensure_may_come_in(found, address)
        self._measure(found)
        return Came(found)

    async def still_in(self, came: Came, scope: str, heard: int = 0) -> Partner:
        """The partner as it is now, for whoever has been reading for a while.

        `heard`: how often a partner was heard to change; more often than at the last look, and it
        is looked at again at once.

        Raises:
            KeyDoesNotOpen, ScopeMissing: its key, its connection or this scope has ended meanwhile.
        """
        now = await self._lately(came.partner.id, heard)
        if now is None or now.ended_at is not None:
            raise KeyDoesNotOpen
        if came.key:
            partner.ensure_key_opens(now, came.key, real_now())
        elif now.client != came.partner.client:
            raise KeyDoesNotOpen
        partner.ensure_scope(now, scope)
        return now

    async def _lately(self, partner_id: str, heard: int) -> Partner | None:
        """Looked up once for all its readers, and again after a moment."""
        look = self._looks.get(partner_id)
        if look is None or not look.holds(heard):
            found = asyncio.ensure_future(self._partners.by_id(partner_id))
            look = self._looks[partner_id] = _Look(time.monotonic(), heard, found)
        return await asyncio.shield(look.found)

    def _measure(self, one: Partner) -> None:
        measure = (one.id, one.per_minute)
        if measure not in self._buckets:
            per_second = one.per_minute / 60
            burst = max(1, int(per_second * _BURST_SECONDS))
            self._buckets[measure] = TokenBuckets(burst, per_second)
        if not self._buckets[measure].take(one.id):
            raise TooManyRequests
