"""One change stream for everybody in this process who listens to the same changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from contextvars import Context
from typing import Generic, TypeVar

import structlog
from bson.timestamp import Timestamp
from pymongo.errors import PyMongoError

from shared.mongo.change_batches import Batch, Stages, after, change_batches, from_moment, is_lost
from shared.mongo.client import Database, Document
from shared.mongo.moments import moment_now
from shared.mongo.places import Numbering, Place, end_of
from shared.mongo.tape import Seen, Tape

log = structlog.get_logger(__name__)
T = TypeVar("T")

_WAIT = 1.0
_RETRY = 1.0


class OneStream(Generic[T]):
    """Reads onto a tape while somebody listens; resumes after an interruption.

    `read` makes of an event what listeners are given; None if it is nothing to tell.
    """

    def __init__(
        self,
        database: Database,
        stages: Stages,
        read: Callable[[Document], T | None],
        *,
        whole: bool,
        remembered: int,
    ) -> None:
        self._database, self._stages, self._whole = database, stages, whole
        self._understand = read
        self._remembered = remembered
        self._listeners = 0
        self._reading: asyncio.Task[None] | None = None
        self._tape: Tape[T] | None = None
        self._token: Document | None = None
        self._numbering = Numbering()
        self._bell = asyncio.Event()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Tape[T]]:
        """The tape, once it is begun; it goes on as long as the block lasts."""
        self._listeners += 1
        try:
            if self._reading is None or self._reading.done():
                self._tape = self._token = None
                # Not in the context of whoever happens to be the first to listen.
                self._reading = asyncio.create_task(self._read(), context=Context())
            while self._tape is None:
                await self.news()
            yield self._tape
        finally:
            self._listeners -= 1

    async def news(self) -> None:
        """Return when the tape may have more. Raises whatever ended the reading."""
        if self._reading is not None and self._reading.done():
            self._reading.result()
        await self._bell.wait()

    def batches(self, begin: Document, *, wait: float) -> AsyncGenerator[Batch, None]:
        """The same changes on a stream of one's own. `wait` in seconds."""
        return change_batches(
            self._database, self._stages, begin=begin, whole=self._whole, wait=wait
        )

    def seen_in(self, batch: Batch, numbering: Numbering) -> tuple[Sequence[Seen[T]], Place | None]:
        """What a batch has to tell, and the place up to which it read (None: unknown)."""
        seen, reached = [], None
        for event in batch.events:
            reached = numbering.place(event)
            change = self._understood(event)
            if change is not None:
                seen.append(Seen(reached, change))
        if batch.before is not None:
            before = Place(batch.before, 0)
            reached = before if reached is None else max(reached, before)
        return seen, reached

    def _understood(self, event: Document) -> T | None:
        try:
            return self._understand(event)
        except Exception as error:  # noqa: BLE001 - one document must not stop what all hear
            log.warning("change_unreadable", kind=type(error).__name__)
            return None

    async def _read(self) -> None:
        try:
            while self._listeners:
                try:
                    await self._follow()
                except PyMongoError as error:
                    log.warning("change_stream_lost", kind=type(error).__name__)
                    if is_lost(error):
                        self._token = None
                    await asyncio.sleep(_RETRY)
        finally:
            self._ring()

    async def _follow(self) -> None:
        begin = after(self._token) if self._token else from_moment(await self._anew())
        async with aclosing(self.batches(begin, wait=_WAIT)) as batches:
            async for batch in batches:
                self._take(batch)
                if not self._listeners:
                    return
        # The database was dropped: there is no going on after that.
        self._token = None

    async def _anew(self) -> Timestamp:
        self._numbering = Numbering()
        now = await moment_now(self._database)
        floor, end = Place(now, 0), end_of(now)
        if self._tape is None:
            self._tape = Tape(floor, end, self._remembered)
        else:
            self._tape.cut(floor, end)
        self._ring()
        return now

    def _take(self, batch: Batch) -> None:
        assert self._tape is not None  # noqa: S101 - begun before the first batch
        seen, reached = self.seen_in(batch, self._numbering)
        for each in seen:
            self._tape.add(each)
        if reached is not None:
            self._tape.read_to(reached)
        self._token = batch.token
        if seen:
            self._ring()

    def _ring(self) -> None:
        self._bell.set()
        self._bell = asyncio.Event()
