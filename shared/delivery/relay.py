"""From the outbox to the broker: subjects side by side, each in order, nothing forgotten."""

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
from shared.delivery.indexes import OUTBOX
from shared.delivery.lease import Lease
from shared.delivery.unsent import Unsent
from shared.kernel.clock import real_now
from shared.kernel.pauses import Pauses
from shared.mongo.client import Database, Document
from shared.mongo.doorbell import rings
from shared.observability import metrics

log = structlog.get_logger(__name__)

WINDOW = 256
"""Rows in hand at once: read, and not yet marked."""

GATHER_READS, GATHER_MARKS = 0.005, 0.03
"""Seconds between two reads and two marks while there is much to do."""

MANY = 4
"""Rows in one read from which on it counts as much to do."""

_AFTER_TURNED = 2.0
"""Seconds for which a subject rests after the broker turned one of its rows down."""


class Relay:
    """A task of the worker. Several at once do no harm; a lease lets one do the work.

    A row whose publish is unknown stays unsent and is published again with the same event id: the
    listener's inbox drops the copy. The next row of a subject waits for the confirm of the one
    before it.
    """

    def __init__(self, database: Database, bus: Bus) -> None:
        self._rows = database[OUTBOX]
        self._unsent = Unsent(database)
        self._bus = bus
        self._lease = Lease(database, "relay")
        self._waiting: dict[str, deque[Document]] = {}
        self._in_hand: set[str] = set()
        self._confirmed: list[Document] = []
        self._something_confirmed = asyncio.Event()
        self._room = asyncio.Event()
        self._resting: dict[str, float] = {}
        self._failed_meanwhile: set[str] = set()
        self._at_work: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Until cancelled."""
        marking = asyncio.create_task(self._mark())
        try:
            async for _ in rings(self._rows):
                if await self._forward() >= MANY:
                    # Under load, what comes within a moment is read together.
                    await asyncio.sleep(GATHER_READS)
        finally:
            for task in (marking, *self._at_work):
                task.cancel()
            await asyncio.gather(marking, *self._at_work, return_exceptions=True)
            with suppress(PyMongoError):
                await self._finish()

    async def _finish(self) -> None:
        if self._confirmed:
            await self._unsent.mark_sent(self._confirmed)
        await self._lease.give_back()

    async def _forward(self) -> int:
        """Take what waits, as far as there is room, until nothing new is found; gives how many."""
        more, found = True, 0
        while more and self._bus.connected:
            room = WINDOW - len(self._in_hand)
            if room <= 0:
                self._room.clear()
                await self._room.wait()
                continue
            try:
                if not await self._lease.held():
                    break
                self._failed_meanwhile.clear()
                lanes, more = await self._unsent.read(
                    room, besides=self._in_hand, not_about=self._resting_subjects()
                )
            except PyMongoError as error:
                log.warning("outbox_unreadable", kind=type(error).__name__)
                break
            found += sum(map(len, lanes.values()))
            for subject, rows in lanes.items():
                # A row that failed during the read is not among those read, and comes first.
                if subject not in self._failed_meanwhile:
                    self._take(subject, rows)
        return found

    def _resting_subjects(self) -> list[str]:
        now = time.monotonic()
        self._resting = {s: until for s, until in self._resting.items() if until > now}
        return list(self._resting)

    def _take(self, subject: str, rows: list[Document]) -> None:
        self._in_hand.update(row["_id"] for row in rows)
        lane = self._waiting.get(subject)
        if lane is not None:
            lane.extend(rows)
            return
        self._waiting[subject] = deque(rows)
        task = asyncio.create_task(self._publish_in_order(subject))
        self._at_work.add(task)
        task.add_done_callback(self._at_work.discard)

    async def _publish_in_order(self, subject: str) -> None:
        lane = self._waiting[subject]
        try:
            while lane and await self._publish(lane[0]):
                self._confirmed.append(lane.popleft())
                self._something_confirmed.set()
        finally:
            # What is left is still unsent, and is found again.
            del self._waiting[subject]
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
        self._failed_meanwhile.add(row["subject"])
        self._resting[row["subject"]] = time.monotonic() + (_AFTER_TURNED if turned else 0.2)
        if turned:
            with suppress(PyMongoError):
                await self._unsent.mark_failed(row["_id"], type(error).__name__)

    async def _mark(self) -> None:
        """Mark what is confirmed, all that there is at a time."""
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
        self._in_hand.difference_update(row["_id"] for row in rows)
        self._room.set()

    async def measure(self) -> float:
        """Tell the metrics how much waits; returns the age of the oldest row in seconds."""
        waiting, since = await self._unsent.backlog()
        age = 0.0 if since is None else max(0.0, (real_now() - since).total_seconds())
        metrics.OUTBOX_DEPTH.set(waiting)
        metrics.OUTBOX_OLDEST_SECONDS.set(age)
        return age
