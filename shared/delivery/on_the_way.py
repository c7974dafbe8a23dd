"""Rows that the relay has in hand: published, each subject's in order, and marked as sent."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress

import structlog
from pymongo.errors import PyMongoError

from shared.broker.connection import Bus
from shared.broker.errors import NotConfirmed, Turned
from shared.broker.messages import Outgoing
from shared.delivery.unsent import Unsent
from shared.kernel.pauses import Pauses
from shared.mongo.client import Document
from shared.observability import metrics

log = structlog.get_logger(__name__)

WINDOW = 256
"""Rows in hand at once: taken, and not yet marked."""

GATHER_MARKS = 0.1
"""Seconds between two marks: many rows are then one write.
What is marked late is published twice if the process dies meanwhile, and heard once."""

_AFTER_TURNED, _AFTER_UNKNOWN = 2.0, 0.2
"""Seconds for which a subject rests after one of its rows was not confirmed."""


class OnTheWay:
    """Different subjects side by side; a subject's next row after the confirm of the one before.

    A row whose publish is not confirmed is given back with those behind it: they stay unsent.
    `given_back` names the subjects of such rows since it was last cleared.
    """

    def __init__(self, unsent: Unsent, bus: Bus) -> None:
        self._unsent = unsent
        self._bus = bus
        self._lanes: dict[str, deque[Document]] = {}
        self._confirmed: list[Document] = []
        self._something_confirmed = asyncio.Event()
        self._room = asyncio.Event()
        self._resting: dict[str, float] = {}
        self._at_work: set[asyncio.Task[None]] = set()
        self.ids: set[str] = set()
        self.given_back: set[str] = set()

    @property
    def room(self) -> int:
        """How many rows more may be taken."""
        return WINDOW - len(self.ids)

    async def room_again(self) -> None:
        """Wait until something has been marked or given back."""
        self._room.clear()
        await self._room.wait()

    def resting(self) -> list[str]:
        """Subjects to leave alone for a moment, as the broker did not take a row of theirs."""
        now = time.monotonic()
        self._resting = {s: until for s, until in self._resting.items() if until > now}
        return list(self._resting)

    def take(self, subject: str, rows: list[Document]) -> None:
        """Send these after those of the subject that are in hand already."""
        self.ids.update(row["_id"] for row in rows)
        lane = self._lanes.get(subject)
        if lane is not None:
            lane.extend(rows)
            return
        self._lanes[subject] = deque(rows)
        task = asyncio.create_task(self._publish_in_order(subject))
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def _publish_in_order(self, subject: str) -> None:
        lane = self._lanes[subject]
        try:
            while lane and await self._publish(lane[0]):
                self._confirmed.append(lane.popleft())
                self._something_confirmed.set()
        finally:
            del self._lanes[subject]
            if lane:
                self.given_back.add(subject)
            self._let_go(lane)

    async def _publish(self, row: Document) -> bool:
        """Whether the broker has confirmed it."""
        outgoing = Outgoing(
            row["exchange"],
            row["routing_key"],
            bytes(row["body"]),
            event_type=row["type"],
            headers=row["headers"],
        )
        try:
            with metrics.PUBLISH_SECONDS.time():
                await self._bus.publish(outgoing)
        except NotConfirmed as error:
            await self._not_confirmed(row, error)
            return False
        metrics.PUBLISHED.labels("confirmed").inc()
        return True

    async def _not_confirmed(self, row: Document, error: NotConfirmed) -> None:
        turned = isinstance(error, Turned)
        metrics.PUBLISHED.labels("refused" if turned else "unknown").inc()
        log.warning("event_not_confirmed", event_id=row["_id"], kind=type(error).__name__)
        rest = _AFTER_TURNED if turned else _AFTER_UNKNOWN
        self._resting[row["subject"]] = time.monotonic() + rest
        if turned:
            with suppress(PyMongoError):
                await self._unsent.mark_failed(row["_id"], type(error).__name__)

    async def mark(self) -> None:
        """Mark what is confirmed, all that there is at a time, until cancelled."""
        pauses = Pauses(0.1, 2.0)
        while True:
            await self._something_confirmed.wait()
            await asyncio.sleep(GATHER_MARKS)
            self._something_confirmed.clear()
            rows = list(self._confirmed)
            try:
                await self._unsent.mark_sent(rows)
            except PyMongoError as error:
                log.warning("outbox_unmarked", kind=type(error).__name__)
                self._something_confirmed.set()
                await pauses.rest()
                continue
            pauses.begin_again()
            del self._confirmed[: len(rows)]
            self._let_go(rows)

    def _let_go(self, rows: Iterable[Document]) -> None:
        self.ids.difference_update(row["_id"] for row in rows)
        self._room.set()

    async def stop(self) -> None:
        """Send nothing more, and mark what is confirmed."""
        for task in self._at_work:
            task.cancel()
        await asyncio.gather(*self._at_work, return_exceptions=True)
        if self._confirmed:
            with suppress(PyMongoError):
                await self._unsent.mark_sent(self._confirmed)
