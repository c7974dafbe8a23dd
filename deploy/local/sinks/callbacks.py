"""Telling a sender how its SMS went: form posts, repeated until they are taken.

46elks.se/docs/sms-delivery-reports: id, status, delivered; 200–204 means taken; else again for at
least 6 hours and at least 5 times.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import Iterator

import httpx

from deploy.local.sinks.behaviour import Mood
from deploy.local.sinks.sms_store import Sms, SmsStore
from shared.kernel.clock import real_now

_TO_THE_CARRIER, _TO_THE_PHONE = 0.05, 0.15
_PAUSES = (0.5, 1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
_GIVE_UP_AFTER = 6 * 3600.0


class Callbacks:
    """One task for each message on its way; those that were cut off by a restart go on."""

    def __init__(self, store: SmsStore, mood: Mood, client: httpx.AsyncClient) -> None:
        self._store, self._mood, self._client = store, mood, client
        self._tasks: set[asyncio.Task[None]] = set()

    def resume(self) -> None:
        """Go on with those whose sender still waits."""
        for sms in self._store.untold():
            self.follow(sms)

    def follow(self, sms: Sms) -> None:
        """Carry the message to the phone, and tell its sender."""
        task = asyncio.create_task(self._carry(sms))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        """End all of them; the next start resumes them."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _carry(self, sms: Sms) -> None:
        if sms.status == "created":
            await asyncio.sleep(_TO_THE_CARRIER)
            self._store.change(sms, status="sent")
        backwards = self._mood.now.shuffled_callbacks
        early = asyncio.create_task(asyncio.sleep(0) if backwards else self._tell(sms, "sent"))
        try:
            if sms.status == "sent":
                await asyncio.sleep(_TO_THE_PHONE)
                self._arrive(sms)
            await early
            await self._tell(sms, sms.status)
            await self._tell(sms, "sent")
        finally:
            early.cancel()

    def _arrive(self, sms: Sms) -> None:
        if sms.to in self._mood.now.unreachable:
            self._store.change(sms, status="failed")
        else:
            at = real_now().strftime("%Y-%m-%dT%H:%M:%SZ")
            self._store.change(sms, status="delivered", delivered=at)

    async def _tell(self, sms: Sms, status: str) -> None:
        if not sms.whendelivered or status in sms.told or self._mood.now.callbacks == "off":
            return
        form = {"id": sms.id, "status": status}
        if status == "delivered" and sms.delivered:
            form["delivered"] = sms.delivered
        for _ in range(1 + self._mood.now.duplicate_callbacks):
            await self._until_taken(sms.whendelivered, form)
        self._store.change(sms, told=[*sms.told, status])

    async def _until_taken(self, url: str, form: dict[str, str]) -> None:
        for pause in pauses():
            with contextlib.suppress(httpx.HTTPError, httpx.InvalidURL):
                answer = await self._client.post(url, data=form)
                if 200 <= answer.status_code <= 204:
                    return
            await asyncio.sleep(pause)


def pauses() -> Iterator[float]:
    """Seconds between two tries, longer and longer, for 6 hours."""
    waited = 0.0
    for pause in itertools.chain(_PAUSES, itertools.repeat(_PAUSES[-1])):
        if waited > _GIVE_UP_AFTER:
            return
        waited += pause
        yield pause
