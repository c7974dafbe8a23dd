"""A partner comes with a key or with a token of its OAuth client, and is let in or not."""

from __future__ import annotations

from dataclasses import dataclass

from services.publishing.feeds.domain import keys, partner
from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.domain.refusals import KeyDoesNotOpen, KeyIsMistyped
from services.publishing.feeds.storage.measures import Measures
from services.publishing.feeds.storage.partners import Partners
from services.publishing.feeds.use_cases.look_again import LATELY, LookAgain
from services.publishing.feeds.use_cases.measure_requests import MeasureRequests
from shared.kernel.clock import real_now


@dataclass(frozen=True, slots=True)
class Came:
    """Who came in, from where and how: `key` is empty for a client with a token."""

    partner: Partner
    address: str
    key: str = ""


class ComeIn:
    """Keys by their checksum, hash, end, network and partner; tokens by their client."""

    def __init__(self, partners: Partners, measures: Measures) -> None:
        self._partners = partners
        self._measure = MeasureRequests(measures)
        self._look_again = LookAgain(partners)

    async def with_key(self, text: str, address: str) -> Came:
        """Raises KeyIsMistyped, KeyDoesNotOpen, TooManyRequests."""
        if not keys.is_whole(text):
            raise KeyIsMistyped
        found = await self._partners.by_key(keys.id_of(text))
        if found is None:
            raise KeyDoesNotOpen
        partner.ensure_key_opens(found, text, real_now())
        partner.ensure_may_come_in(found, address)
        await self._measure(found)
        return Came(found, address, text)

    async def with_client(self, client: str, address: str) -> Came:
        """Raises KeyDoesNotOpen, TooManyRequests."""
        found = await self._partners.by_client(client)
        if found is None:
            raise KeyDoesNotOpen
        partner.ensure_may_come_in(found, address)
        await self._measure(found)
        return Came(found, address)

    async def still_in(
        self, came: Came, scope: str, heard: int = 0, holds: float = LATELY
    ) -> Partner:
        """The partner as it is now, for whoever has been reading for a while.

        `heard`: how often a partner was heard to change; more often than at the last look, and it
        is looked at again at once. `holds`: as long as a look does otherwise, in seconds.

        Raises:
            KeyDoesNotOpen: its key or its connection has ended, or may not be used from there now.
            ScopeMissing: this scope has ended.
        """
        now = await self._look_again(came.partner.id, heard, holds)
        if now is None:
            raise KeyDoesNotOpen
        partner.ensure_may_come_in(now, came.address)
        if came.key:
            partner.ensure_key_opens(now, came.key, real_now())
        elif now.client != came.partner.client:
            raise KeyDoesNotOpen
        partner.ensure_scope(now, scope)
        return now
