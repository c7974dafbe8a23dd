"""From the outbox to the broker: subjects side by side, each in order, nothing forgotten."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

import structlog
from bson.timestamp import Timestamp
from pymongo.errors import PyMongoError

from shared.broker.connection import Bus
from shared.delivery.indexes import OUTBOX
from shared.delivery.lease import Lease
from shared.delivery.on_the_way import OnTheWay
from shared.delivery.unsent import Unsent, by_subject
from shared.kernel.clock import real_now
from shared.mongo.arrivals import Arrivals, arrivals
from shared.mongo.client import Database
from shared.observability import metrics

log = structlog.get_logger(__name__)

GATHER = 0.005
"""Seconds between two looks while there is much to do."""

MANY = 4
"""Rows at one look from which on it counts as much to do."""

READ_AGAIN = 10.0
"""Seconds after which the outbox is read even if every row seemed to come as it was committed."""


class Relay:
    """A task of the worker. Several at once do no harm; a lease lets one do the work.

    A row whose publish is unknown stays unsent and is published again with the same event id: the
    listener's inbox drops the copy. The next row of a subject waits for the confirm of the one
    before it.

    The truth is a snapshot read of all that is unsent. Once such a read has left nothing out, what
    is committed after its moment may be taken from the change stream as it comes, as the stream has
    every commit, in order. Whatever breaks this (a row given back, a full window, a lost stream or
    lease) leads to the next snapshot read; so do a quiet second and ten busy ones.
    """

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._unsent = Unsent(database)
        self._bus = bus
        self._lease = Lease(database, "relay")
        self._hand = OnTheWay(self._unsent, bus)
        self._known: Timestamp | None = None
        """Every row that was committed by then is in hand, or done with."""
        self._read_at = 0.0

    async def run(self) -> None:
        """Until cancelled."""
        marking = asyncio.create_task(self._hand.mark())
        try:
            async for arrived in arrivals(self._database, OUTBOX):
                many = await self._look(arrived) >= MANY
                # Under load, what comes within a moment is taken together; else what was taken is
                # published before the stream is asked for more.
                await asyncio.sleep(GATHER if many else 0)
        finally:
            marking.cancel()
            await asyncio.gather(marking, return_exceptions=True)
            await self._hand.stop()
            with suppress(PyMongoError):
                await self._lease.give_back()

    async def _look(self, arrived: Arrivals) -> int:
        """Take what is to be sent; gives how many rows."""
        taken = 0
        try:
            if not self._bus.connected or not await self._lease.held():
                self._known = None
                return 0
            fresh = self._take_fresh(arrived)
            taken = fresh or 0
            overdue = time.monotonic() - self._read_at > READ_AGAIN
            if fresh is None or overdue or not arrived.documents:
                taken += await self._read(arrived.since)
        except PyMongoError as error:
            log.warning("outbox_unreadable", kind=type(error).__name__)
        return taken

    def _take_fresh(self, arrived: Arrivals) -> int | None:
        """Take the rows that have just come; None if something before them may be unknown."""
        known, since = self._known, arrived.since
        if known is None or since is None or known < since or self._hand.given_back:
            return None
        rows = [row for at, row in arrived.documents if at > known]
        if len(rows) > self._hand.room:
            self._known = None
            return None
        for subject, lane in by_subject(rows).items():
            self._hand.take(subject, lane)
        return len(rows)

    async def _read(self, since: Timestamp | None) -> int:
        """Take what waits, as far as there is room, until nothing new is found."""
        self._known = None
        cut_off, taken = True, 0
        while cut_off and self._bus.connected and await self._lease.held():
            if self._hand.room <= 0:
                await self._hand.room_again()
                continue
            self._hand.given_back.clear()
            resting = self._hand.resting()
            waiting = await self._unsent.read(
                self._hand.room, besides=self._hand.ids, not_about=resting
            )
            cut_off = waiting.cut_off
            for subject, lane in waiting.lanes.items():
                # A row given back during the read is not among those read, and comes first.
                if subject not in self._hand.given_back:
                    self._hand.take(subject, lane)
                    taken += len(lane)
            if since is not None and since <= waiting.at and not (cut_off or resting):
                self._known = waiting.at
                self._read_at = time.monotonic()
        return taken

    async def measure(self) -> float:
        """Tell the metrics how much waits; returns the age of the oldest row in seconds."""
        waiting, since = await self._unsent.backlog()
        age = 0.0 if since is None else max(0.0, (real_now() - since).total_seconds())
        metrics.OUTBOX_DEPTH.set(waiting)
        metrics.OUTBOX_OLDEST_SECONDS.set(age)
        return age
