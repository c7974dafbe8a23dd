"""Where webhooks stand and what was tried, written for all of a process together.

One write in a window, however many webhooks there are. While one is on its way more gathers for the
next. What could not be written is tried again, with what came meanwhile.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field

import structlog
from pymongo.errors import PyMongoError

from services.publishing.feeds.storage.webhook_documents import Attempt, Lost, Stand
from services.publishing.feeds.storage.webhooks import Webhooks

log = structlog.get_logger(__name__)

EVERY = 0.1
"""Seconds between two writes, unless somebody waits for one: so much a kill may undo."""


@dataclass(slots=True)
class _Page:
    """What is not written yet. `waiting`: who wants to know when it is."""

    stands: dict[str, Stand] = field(default_factory=dict)
    attempts: list[Attempt] = field(default_factory=list)
    lost: dict[tuple[str, int], Lost | None] = field(default_factory=dict)
    waiting: list[tuple[str, asyncio.Future[bool]]] = field(default_factory=list)


class Ledger:
    """Couriers tell it; `run` writes until it is cancelled."""

    def __init__(self, webhooks: Webhooks) -> None:
        self._webhooks = webhooks
        self._page = _Page()
        self._more = asyncio.Event()
        self._at_once = asyncio.Event()

    def stands(self, stand: Stand) -> None:
        """Its newest place is the one that counts."""
        self._page.stands[stand.webhook] = stand
        self._more.set()

    def tried(self, attempt: Attempt) -> None:
        """A call, and what came back."""
        self._page.attempts.append(attempt)
        self._more.set()

    def lost(self, one: Lost) -> None:
        """It was given up."""
        self._page.lost[one.webhook, one.position] = one
        self._more.set()

    def found(self, webhook: str, position: int) -> None:
        """It came after all."""
        self._page.lost[webhook, position] = None
        self._more.set()

    async def kept(self, stand: Stand) -> bool:
        """Write this and all that was told before, now. False: somebody else has the webhook.

        Raises:
            PyMongoError: not yet; it is tried again.
        """
        self.stands(stand)
        written: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._page.waiting.append((stand.webhook, written))
        self._at_once.set()
        return await written

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._more.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY):
                    await self._at_once.wait()
            page, self._page = self._page, _Page()
            self._more.clear()
            self._at_once.clear()
            await self._write(page)

    async def _write(self, page: _Page) -> None:
        lost = [one for one in page.lost.values() if one is not None]
        found = [key for key, one in page.lost.items() if one is None]
        try:
            # Given up before it leaves the line: never is it in neither.
            await self._webhooks.settle(lost, found)
            await self._webhooks.attempts.note(page.attempts)
            ours = await self._webhooks.save(list(page.stands.values()))
        except PyMongoError as error:
            log.warning("webhooks_not_saved", reason=type(error).__name__)
            self._put_back(page, error)
            return
        for webhook in page.stands.keys() - ours:
            log.warning("webhook_not_saved", webhook=webhook, reason="taken-over")
        for webhook, written in page.waiting:
            if not written.done():
                written.set_result(webhook in ours)

    def _put_back(self, page: _Page, error: PyMongoError) -> None:
        newer = self._page
        newer.stands = {**page.stands, **newer.stands}
        newer.attempts = [*page.attempts, *newer.attempts]
        newer.lost = {**page.lost, **newer.lost}
        self._more.set()
        for _, written in page.waiting:
            if not written.done():
                written.set_exception(error)
