"""Partners that have been reading for a while are looked at again: one question for all of them."""

from __future__ import annotations

import asyncio
import time
from contextvars import Context
from dataclasses import dataclass

from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.storage.partners import Partners

LATELY = 0.5
"""Seconds for which a look holds, if nothing is heard of any partner meanwhile."""

IN_ORDER = 5.0
"""The same, where what is given came by the very stream that tells of partners, after them."""


@dataclass(frozen=True, slots=True)
class _Look:
    """`heard`: how much had been heard of partners before it was asked."""

    at: float
    heard: int
    found: Partner | None

    def is_new(self, heard: int, since: float) -> bool:
        return self.heard >= heard and self.at >= since


class LookAgain:
    """Remembers the last look at each partner, for all of its readers."""

    def __init__(self, partners: Partners) -> None:
        self._partners = partners
        self._looks: dict[str, _Look] = {}
        self._wanted: set[str] = set()
        self._heard = 0
        self._asking: asyncio.Task[None] | None = None

    async def __call__(self, partner_id: str, heard: int, holds: float) -> Partner | None:
        """The partner as it was at most `holds` seconds ago, and after whatever was `heard`."""
        since = time.monotonic() - holds
        while (look := self._looks.get(partner_id)) is None or not look.is_new(heard, since):
            self._wanted.add(partner_id)
            self._heard = max(self._heard, heard)
            if self._asking is None or self._asking.done():
                # Not in the context of whoever happens to be the first to ask.
                self._asking = asyncio.create_task(self._look(), context=Context())
            await asyncio.shield(self._asking)
        return look.found

    async def _look(self) -> None:
        # Whoever was woken together with the first asks together with it.
        await asyncio.sleep(0)
        wanted, self._wanted = self._wanted, set()
        at, heard = time.monotonic(), self._heard
        found = await self._partners.by_ids(wanted)
        self._looks |= {one: _Look(at, heard, found.get(one)) for one in wanted}
