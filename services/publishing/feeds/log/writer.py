"""From the feed's queue into the log, in the order of the queue, many at a time.

The queue has one active consumer. What fails is tried again where it stands, and everything waits
behind it: an entry that went into a waiting room would come after later ones of its subject. What
fails for its own sake is parked, and comes late, with its own sequence, if somebody replays it.

A writer that stops lets go of its consumer and of what it holds in one step (`in_order`): the next
one is given the same, from the first that was not acknowledged on, and in that order. A writer that
lost the queue without knowing it yet does no harm: it writes on where it stood, the next one writes
the same, and the inbox marks let each event in once.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import structlog
from pymongo.errors import PyMongoError

from services.publishing.feeds.domain.entry import Contractual, not_for_feeds
from services.publishing.feeds.storage.log import FeedLog
from shared.broker import names
from shared.broker.connection import Bus
from shared.broker.messages import Delivery
from shared.delivery import letters
from shared.delivery.holding import while_database_is_away
from shared.delivery.letters import Letter, Unreadable
from shared.delivery.retries import Retries
from shared.kernel.clock import real_now
from shared.kernel.pauses import Pauses
from shared.mongo.client import Session

log = structlog.get_logger(__name__)

Transact = Callable[[Callable[[Session], Awaitable[int]]], Awaitable[int]]
TRIES = 5
_SLOW = 1.0
"""Seconds after which somebody else is thought to hold what an append needs."""


@dataclass(slots=True)
class _Waiting:
    delivery: Delivery
    settled: asyncio.Future[None] = field(default_factory=asyncio.Future)


class LogWriter:
    """One per process; the broker lets one process at a time have the queue."""

    def __init__(
        self, service: str, bus: Bus, feed_log: FeedLog, transact: Transact, *, tries: int = TRIES
    ) -> None:
        self._log, self._transact, self._tries = feed_log, transact, tries
        self._retries = Retries(service, bus)
        self._waiting: list[_Waiting] = []
        self._bell = asyncio.Event()
        bus.listen(names.feed_queue(service), self.receive, in_order=True)

    async def receive(self, delivery: Delivery) -> None:
        """Wait until it is an entry, or parked; acknowledge it then."""
        mine = _Waiting(delivery)
        self._waiting.append(mine)
        self._bell.set()
        await mine.settled
        await delivery.ack()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._bell.wait()
            self._bell.clear()
            batch, self._waiting = self._waiting, []
            # Who lost the connection meanwhile gets the same again.
            await self._settle([one for one in batch if not one.settled.done()])

    async def _settle(self, batch: Sequence[_Waiting]) -> None:
        good: list[tuple[_Waiting, Letter]] = []
        for one in batch:
            letter = _letter(one.delivery)
            if isinstance(letter, str):
                await self._write(good)
                good = []
                await self._park(one, letter)
            else:
                good.append((one, letter))
        await self._write(good)

    async def _write(self, some: Sequence[tuple[_Waiting, Letter]]) -> None:
        """Together; if that does not work, one by one, so that each fails for itself."""
        if not some:
            return
        failed = await self._tried([letter for _, letter in some])
        if failed is None:
            for one, _ in some:
                _settled(one)
        elif len(some) == 1:
            await self._park(some[0][0], failed)
        else:
            for each in some:
                await self._write([each])

    async def _tried(self, some: Sequence[Letter]) -> str | None:
        """None when they are entries now; else the class of what stopped them, several times."""
        told = [
            (one.envelope, type(one.data).routing_key(), type(one.data).audience) for one in some
        ]

        async def append(session: Session) -> int:
            return await self._log.append(session, told, real_now())

        pauses = Pauses(0.02, 1.0)
        reason, failures = "", 0
        while failures < self._tries:
            try:
                await while_database_is_away(lambda: self._alone(append))
            except Exception as error:  # noqa: BLE001 - whatever it is, it must not be lost
                reason = type(error).__name__
                failures += not _collided(error)
                log.warning("entry_failed", reason=reason, entries=len(some))
            else:
                return None
            await pauses.rest()
        return reason

    async def _alone(self, append: Callable[[Session], Awaitable[int]]) -> None:
        """In a transaction; a writer that was killed in the middle of its own is not waited for."""
        appending = asyncio.ensure_future(self._transact(append))
        try:
            while not (await asyncio.wait({appending}, timeout=_SLOW))[0]:
                with contextlib.suppress(PyMongoError):
                    if await self._log.let_go():
                        log.warning("other_writer_let_go")
            appending.result()
        finally:
            appending.cancel()
            await asyncio.gather(appending, return_exceptions=True)

    async def _park(self, one: _Waiting, reason: str) -> None:
        log.warning("entry_given_up", reason=reason)
        await self._retries.park(one.delivery, reason)
        _settled(one)


def _collided(error: Exception) -> bool:
    """Somebody else's transaction was in the way: that is no fault of the message."""
    return isinstance(error, PyMongoError) and error.has_error_label("TransientTransactionError")


def _letter(delivery: Delivery) -> Letter | str:
    """What is to be an entry, or why it is none."""
    try:
        letter = letters.read(delivery)
    except Unreadable as error:
        return error.kind
    kind = type(letter.data)
    told = Contractual(kind.teller, kind.routing_key(), kind.audience, kind.sealed)
    key = letters.first_routing_key(delivery)
    return not_for_feeds(told, source=letter.envelope.source, routing_key=key) or letter


def _settled(one: _Waiting) -> None:
    if not one.settled.done():
        one.settled.set_result(None)
