"""What changed, as it changes: one change stream per process, told to any number of listeners.

Each listener goes on where it broke off, by its place (`shared.mongo.places`). Where that is older
than what this process remembers, a short-lived stream of its own brings it up to there; then it
reads what all read, without a gap and without hearing anything twice. The database's oplog is the
long memory: whoever comes with a place older than it, or with none of ours, or falls behind by more
than is remembered, is told that something was missed, and goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from typing import Generic, TypeVar

from pymongo.errors import PyMongoError

from shared.mongo.change_batches import Batch, Stages, from_moment, is_lost
from shared.mongo.client import Database, Document
from shared.mongo.moments import moment_now
from shared.mongo.one_stream import OneStream
from shared.mongo.places import Numbering, Place, end_of, place_of
from shared.mongo.tape import Seen, Tape

T = TypeVar("T")

REMEMBERED = 1000
"""Changes, at least, that are kept for all."""

AT_ONCE = 500
"""Changes, at most, that a listener is given together."""

_CATCHING_UP = 0.05
"""Seconds that a stream of one's own waits for more: it reads what is there."""

_CATCH_UP_AT_ONCE = 2
"""Streams of their own that are asked at the same time: each holds one of the driver's threads."""


class Following(Generic[T]):
    """Changes of one database that pass the aggregation `stages`; these keep `clusterTime`.

    `read` makes of an event what listeners are given, once for all; None if it is nothing to tell.
    Places count the events that pass the stages, so these are the same for every listener, and each
    leaves out for itself what it does not want. `whole` looks up what an updated document is now.
    It reads only while somebody listens, so there is nothing to close.
    """

    def __init__(
        self,
        database: Database,
        stages: Stages,
        read: Callable[[Document], T | None],
        *,
        whole: bool = False,
        remembered: int = REMEMBERED,
    ) -> None:
        self._database = database
        self._stream = OneStream(database, stages, read, whole=whole, remembered=remembered)
        self._few = asyncio.Semaphore(_CATCH_UP_AT_ONCE)

    async def here(self) -> str:
        """The place of now: what is committed later comes after it."""
        return str(await self._now())

    async def since(self, last: str | None) -> AsyncGenerator[Sequence[Seen[T]], None]:
        """Changes after a place, or from now on: what is there together, and never nothing.

        Ends only when it is closed. Raises PyMongoError when catching up fails: come again.
        """
        async with self._stream.listening() as tape:
            at, is_ours = await self._beginning(tape, last)
            if not is_ours:
                yield (Seen(at, None),)
            async with aclosing(self._older(tape, at)) as older:
                while (number := tape.number_after(at)) is None:
                    at, caught_up = await anext(older)
                    if caught_up:
                        yield caught_up
            async with aclosing(self._newer(tape, at, number)) as newer:
                async for seen in newer:
                    yield seen

    async def _beginning(self, tape: Tape[T], last: str | None) -> tuple[Place, bool]:
        """After which place to begin, and whether nothing is missed by that."""
        at = place_of(last)
        if at is not None and at <= tape.end:
            return at, True
        now = await self._now()
        # A place that is still to come is another database's.
        return (now, last is None) if at is None or at > now else (at, True)

    async def _now(self) -> Place:
        return end_of(await moment_now(self._database))

    async def _older(
        self, tape: Tape[T], at: Place
    ) -> AsyncGenerator[tuple[Place, Sequence[Seen[T]]], None]:
        """How far was read on a stream of one's own, and what was new there. Never ends."""
        while True:
            numbering = Numbering()
            batches = self._stream.batches(from_moment(at.at), wait=_CATCHING_UP)
            try:
                async with aclosing(batches):
                    while (batch := await self._one_of_few(batches)) is not None:
                        seen, reached = self._stream.seen_in(batch, numbering)
                        fresh = [each for each in seen if each.at > at]
                        at = at if reached is None else max(at, reached)
                        yield at, fresh
            except PyMongoError as error:
                if not is_lost(error):
                    raise
            at = tape.end
            yield at, (Seen(at, None),)

    async def _one_of_few(self, batches: AsyncIterator[Batch]) -> Batch | None:
        async with self._few:
            return await anext(batches, None)

    async def _newer(
        self, tape: Tape[T], at: Place, number: int
    ) -> AsyncGenerator[Sequence[Seen[T]], None]:
        """What is new for all, from a number on, as far as it is after the place."""
        while True:
            fresh = tape.read(number, AT_ONCE)
            if fresh is None:
                number = tape.next
                yield (Seen(tape.end, None),)
            elif fresh:
                number += len(fresh)
                later = [each for each in fresh if each.at > at]
                if later:
                    yield later
            else:
                await self._stream.news()
