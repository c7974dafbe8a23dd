"""The end of the log in memory, once per process, for everybody who waits there.

Hundreds of readers wait for the same next entry. One change stream brings it; each looks at it in
memory and asks the database only for what is older than what is remembered. The same stream tells
that a partner is another one now, so that whoever waits is looked at again at once.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import Context

import structlog
from pymongo.errors import PyMongoError

from services.publishing.feeds.domain.entry import Entry
from services.publishing.feeds.storage.log import FeedLog, Sight, entry_of
from services.publishing.storage.feed_indexes import LOG, PARTNERS
from shared.mongo.client import Database, Document
from shared.mongo.following import Following

log = structlog.get_logger(__name__)

REMEMBERED = 2000
TICK = 1.0
"""Seconds after which the bell rings for nothing: one timer for all who wait."""
_LINGERS = 5.0
_STAGES: list[Document] = [
    {"$match": {"ns.coll": {"$in": [LOG, PARTNERS]}}},
    {"$project": {"clusterTime": 1, "operationType": 1, "fullDocument": 1, "ns": 1}},
]


class _Anew:
    """The log itself was taken away or put back: nothing that is remembered holds."""


class _Partner:
    """A partner is another one now."""


_ANEW = _Anew()
_PARTNER = _Partner()


class Tail:
    """Reads the stream while somebody listens, and a little longer."""

    def __init__(self, database: Database, feed_log: FeedLog) -> None:
        self.log = feed_log
        self._following: Following[Entry | _Anew | _Partner] = Following(
            database, _STAGES, _entry_in, whole=True
        )
        self._ring: deque[Entry] = deque(maxlen=REMEMBERED)
        self._positions: dict[str, int] = {}
        self._readers = 0
        self._pumping: asyncio.Task[None] | None = None
        self._begun: asyncio.Future[None] | None = None
        self._bell = asyncio.Event()
        self._end: int | None = None
        self.partners_changed = 0
        """How often a partner became another one, as far as was heard."""

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """What is committed from here on rings the bell."""
        self._readers += 1
        try:
            self._begin()
            if self._begun is not None:
                await asyncio.shield(self._begun)
            yield
        finally:
            self._readers -= 1

    async def after(
        self, position: int, sight: Sight, limit: int, *, anew: bool = False
    ) -> tuple[list[Entry], int]:
        """The next entries in sight, and up to which position that is all there is.

        `anew`: as the database has it, whatever is remembered.
        """
        remembered = None if anew else self._remembered_after(position, limit)
        if remembered is not None:
            found = [one for one in remembered if sight.of(one)]
            return found, remembered[-1].position if remembered else position
        head = await self.log.head()
        found = await self.log.after(position, sight, limit=limit)
        if len(found) == limit:
            return found, found[-1].position
        return found, max(head, position, *(one.position for one in found))

    async def all_after(self, position: int, *, limit: int) -> list[Entry]:
        """The next entries, whoever may see them: for our own senders."""
        remembered = self._remembered_after(position, limit)
        if remembered is not None:
            return list(remembered)
        return await self.log.all_after(position, limit=limit)

    async def at(self, position: int) -> Entry:
        """The entry at a position, as it is now."""
        ring = self._ring
        if ring and ring[0].position <= position <= ring[-1].position:
            return ring[position - ring[0].position]
        (found,) = await self.log.at_positions([position])
        return found

    def brings(self, position: int) -> bool:
        """Whether there is more after a position, by the stream, without asking the database."""
        return bool(self._remembered_after(position, 1))

    async def position_of(self, event_id: str | None) -> int:
        """The position of an entry; 0 for none. Raises UnknownPosition."""
        remembered = self._positions.get(event_id or "")
        return await self.log.position_of(event_id) if remembered is None else remembered

    def bell(self) -> asyncio.Event:
        """Is set when there is more than when it was asked for: ask first, then look, then wait."""
        return self._bell

    async def wait(self, bell: asyncio.Event, seconds: float) -> None:
        """Until there is more, or the time is over. Returns every `TICK` for nothing."""
        self._begin()
        if seconds >= TICK:
            await bell.wait()
            return
        try:
            async with asyncio.timeout(seconds):
                await bell.wait()
        except TimeoutError:
            return

    def _begin(self) -> None:
        if self._pumping is None or self._pumping.done():
            self._begun = asyncio.get_running_loop().create_future()
            # Not in the context of whoever happens to be the first to listen.
            self._pumping = asyncio.create_task(self._pump(self._begun), context=Context())

    def _remembered_after(self, position: int, limit: int) -> Sequence[Entry] | None:
        """None: the database has to be asked."""
        ring = self._ring
        if self._end is not None and position >= self._end:
            return ()
        if not ring or not ring[0].position - 1 <= position <= ring[-1].position:
            return None
        begin = position - ring[0].position + 1
        return [ring[at] for at in range(begin, min(begin + limit, len(ring)))]

    async def _pump(self, begun: asyncio.Future[None]) -> None:
        ticking = asyncio.create_task(self._tick())
        try:
            await self._follow_on(begun)
        finally:
            ticking.cancel()
            self._forget()
            if not begun.done():
                begun.set_result(None)
            self._ring_the_bell()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self._ring_the_bell()

    async def _follow_on(self, begun: asyncio.Future[None]) -> None:
        place: str | None = None
        idle = 0.0
        while self._readers or idle < _LINGERS:
            try:
                if place is None:
                    self._forget()
                    place = await self._following.here()
                    self._end = await self.log.head()
                if not begun.done():
                    begun.set_result(None)
                idle = 0.0 if self._readers else idle + 1.0
                place = await self._take_some(place)
            except PyMongoError as error:
                log.warning("feed_tail_lost", kind=type(error).__name__)
                place = None
                await asyncio.sleep(1.0)

    async def _take_some(self, place: str) -> str:
        """For a second or so, without ever leaving the stream in the middle of a change."""
        stream = self._following.since(place)
        coming = asyncio.ensure_future(anext(stream))
        try:
            while True:
                while not (await asyncio.wait({coming}, timeout=1.0))[0]:
                    if not self._readers:
                        return place
                for seen in coming.result():
                    self._remember(seen.change)
                    place = seen.place
                self._ring_the_bell()
                coming = asyncio.ensure_future(anext(stream))
        finally:
            # A stream that is being asked cannot be closed.
            coming.cancel()
            await asyncio.gather(coming, return_exceptions=True)
            await stream.aclose()

    def _remember(self, change: Entry | _Anew | _Partner | None) -> None:
        ring = self._ring
        if isinstance(change, _Partner):
            self.partners_changed += 1
        elif change is None or isinstance(change, _Anew):
            self._forget()
        elif ring and change.position <= ring[-1].position:
            at = change.position - ring[0].position
            if at >= 0:
                ring[at] = change
        else:
            if ring and change.position != ring[-1].position + 1:
                self._forget_entries()
            elif len(ring) == REMEMBERED:
                del self._positions[ring[0].event_id]
            ring.append(change)
            self._positions[change.event_id] = change.position
            self._end = max(self._end or 0, change.position)

    def _forget(self) -> None:
        """Whoever looks now asks the database."""
        self.partners_changed += 1
        self._forget_entries()
        self._end = None

    def _forget_entries(self) -> None:
        self._ring.clear()
        self._positions.clear()

    def _ring_the_bell(self) -> None:
        self._bell.set()
        self._bell = asyncio.Event()


def _entry_in(event: Document) -> Entry | _Anew | _Partner:
    if event["ns"]["coll"] == PARTNERS:
        return _PARTNER
    row = event.get("fullDocument")
    return _ANEW if row is None else entry_of(row)
