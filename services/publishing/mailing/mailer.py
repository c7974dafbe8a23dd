"""A mailer: takes batches, writes their letters, hands them over, keeps what became of them.

Any number of mailers may run, anywhere. What is told of a mailing while its letters leave (paused,
cancelled, somebody left) is followed as it is written, and holds for every letter not yet begun.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any

import structlog

from services.publishing.domain.limits import SECOND, Key, Limit
from services.publishing.domain.mailing import Stall, too_many_refused
from services.publishing.domain.smtp_replies import Verdict
from services.publishing.mailing.allowance import SharedLimits
from services.publishing.mailing.batch import Batch
from services.publishing.mailing.keeping import Keeping
from services.publishing.mailing.means import Means
from services.publishing.mailing.news import News
from services.publishing.mailing.ports import (
    Hint,
    StoreAway,
    StoreRefused,
)
from services.publishing.mailing.preparing import letters_of
from services.publishing.mailing.relay import Relay
from services.publishing.mailing.round import Round, place_of
from services.publishing.mailing.writing import Letter

log = structlog.get_logger(__name__)

AT_ONCE = 4
"""Batches with letters to give out: one is sent while others are asked for and written. What waits
for its last answers only does not count: so the lines are never idle, and others find work too."""
_LET_GO_AFTER = 5 * SECOND
_LATER = timedelta(seconds=15)
_TICK = 0.25
_PUT_BACK_WITHIN = 3.0
"""Seconds: a database that is away then finds out by the lease."""
_PERMANENT = 5


class Mailer:
    """`take` a hint from the queue; `run` until cancelled, which ends what is in hand in order."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._places = asyncio.Semaphore(AT_ONCE)
        self._rounds: dict[int, Round] = {}
        self._keeping = Keeping(means.ledgers, self._lost, self._ledger_refused)
        self._limits = SharedLimits(means.moments, self._limit_of, self._wake)
        self._own_limits: dict[str, Limit | None] = {}
        self._relay = Relay(means.server, means.connections, self._take, self._told, self._intend)
        self._news = News(means.steering, self._rounds, self._keeping, self._limits)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False
        self._alarm: asyncio.TimerHandle | None = None

    async def take(self, hint: Hint) -> bool:
        """When the batch is in hand, or is nothing for us: True. When we stop: False."""
        await self._places.acquire()
        one = None
        try:
            if not self._stopping:
                one = await self._begun(hint)
        except (StoreAway, StoreRefused) as error:
            log.warning("batch_not_claimed", kind=type(error).__name__)
        finally:
            if one is None:
                self._places.release()
        if one is not None:
            self._spawn(self._through(one))
        return not self._stopping

    async def run(self) -> None:
        """Until cancelled; then what is on its way is answered, and what is not is put back."""
        beside = [
            asyncio.create_task(each)
            for each in (self._keeping.run(), self._limits.run(), self._ticking())
        ]
        beside += self._news.tasks()
        try:
            # Not gathered: they go on while what is in hand comes to its end.
            done, _ = await asyncio.wait(beside, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            await self._end(beside)

    async def _end(self, beside: Sequence[asyncio.Task[None]]) -> None:
        self._stopping = True
        for one in tuple(self._rounds.values()):
            one.stop()
            self._look(one)
        await self._relay.close()
        if self._tasks:
            await asyncio.wait(tuple(self._tasks), timeout=_PUT_BACK_WITHIN)
        for task in (*beside, *self._tasks):
            task.cancel()
        await asyncio.gather(*beside, *self._tasks, return_exceptions=True)
        await self._means.writes.close()

    # One batch

    async def _begun(self, hint: Hint) -> Round | None:
        content = await self._means.contents.of(hint.mailing_id)
        if content is None or content.state != "running" or not self._relay.fit:
            return None
        claimed = await self._means.ledgers.claim(hint)
        if claimed is None:
            return None
        one = Round(claimed, content)
        self._own_limits[hint.mailing_id] = content.limit
        if one.ledger.lease_ran_out():
            self._keeping.changed(one)
        self._keeping.rounds.add(one)
        return one

    async def _through(self, one: Round) -> None:
        """From claimed to let go."""
        due_in = _LATER
        try:
            due_in = await self._sent(one)
        except (StoreAway, StoreRefused, TimeoutError) as error:
            log.warning("batch_broke_off", kind=type(error).__name__)
        except Exception as error:  # noqa: BLE001 - one batch must not stop the others
            # Nobody can be read or written to: it would be the same with every batch of it.
            log.warning("batch_not_written", kind=type(error).__name__)
            await self._stall(one, "key-missing")
        finally:
            self._rounds.pop(one.place, None)
            await self._let_go(one, due_in)
            self._keeping.rounds.discard(one)
            self._gives_its_place(one)

    async def _sent(self, one: Round) -> timedelta:
        letters = await letters_of(one, self._means)
        shared = (Key("global"), Key("server", self._means.server.host))
        keys = (*shared, Key("mailing", one.mailing_id))
        one.batch = Batch(letters, self._limits, keys, nanoseconds)
        return await self._handed_over(one, one.batch)

    async def _handed_over(self, one: Round, batch: Batch) -> timedelta:
        self._rounds[one.place] = one
        self._news.begins(one)
        self._keeping.changed(one)
        if self._stopping:
            one.stop()
        self._relay.needed()
        self._look(one)
        self._wake()
        await one.ended.wait()
        waits = max(0, (batch.again_at or 0) - nanoseconds()) / SECOND
        return max(one.due_in(), timedelta(seconds=waits))

    async def _let_go(self, one: Round, due_in: timedelta) -> None:
        with contextlib.suppress(StoreAway, StoreRefused):
            await self._keeping.kept(one)
            if one.is_lost:
                return
            await self._means.ledgers.let_go(one.entry(), due_in)

    # One letter

    def _take(self) -> Letter | None:
        again = []
        for one in self._rounds.values():
            if one.batch is None or one.is_lost:
                continue
            letter = one.batch.take()
            if letter is not None:
                return letter
            if one.batch.given_out:
                self._gives_its_place(one)
            elif one.batch.again_at is not None:
                again.append(one.batch.again_at)
        if again:
            self._wake_at(min(again))
        return None

    def _gives_its_place(self, one: Round) -> None:
        if one.has_a_place:
            one.has_a_place = False
            self._places.release()

    def _intend(self, letter: Letter, go: Callable[[], None]) -> None:
        one = self._rounds.get(place_of(letter))
        if one is not None and not one.is_lost:
            one.taken(letter)
            self._keeping.leaves(one, go)

    def _told(self, letter: Letter, verdict: Verdict) -> None:
        one = self._rounds.get(place_of(letter))
        if one is None or one.is_lost:
            return
        one.told(letter, verdict)
        self._keeping.changed(one)
        if verdict.fate != "taken":
            self._mind(one, verdict)
        self._look(one)

    def _mind(self, one: Round, verdict: Verdict) -> None:
        code = verdict.code
        if verdict.ours and code is not None and code.reply // 100 == _PERMANENT:
            self._spawn(self._stall(one, "sender-refused"))
        elif verdict.fate == "refused" and too_many_refused(one.turned_away, one.answered):
            self._spawn(self._stall(one, "too-many-refused"))

    def _look(self, one: Round) -> None:
        if one.done:
            one.ended.set()

    # What goes wrong, and time

    async def _stall(self, one: Round, cause: Stall) -> None:
        one.stop()
        self._look(one)
        with contextlib.suppress(StoreAway, StoreRefused):
            await self._means.trouble.stall(one.mailing_id, cause)

    def _lost(self, one: Round) -> None:
        """Somebody else has it: what is on its way of it counts as uncertain there."""
        log.warning("lease_lost", mailing=one.mailing_id, batch=one.claimed.number)
        self._relay.abort()
        one.ended.set()

    def _ledger_refused(self) -> None:
        for one in tuple(self._rounds.values()):
            self._spawn(self._stall(one, "ledger-away"))

    async def _ticking(self) -> None:
        while True:
            await asyncio.sleep(_TICK)
            for one in tuple(self._rounds.values()):
                self._may_wait_elsewhere(one)
                self._look(one)
            if self._relay.look(at_work=bool(self._rounds)):
                await self._no_server()
            elif self._relay.fit_again:
                with contextlib.suppress(StoreAway, StoreRefused):
                    await self._means.trouble.mended("no-server")
                    self._relay.fit_again = False
            self._wake()

    async def _no_server(self) -> None:
        for one in tuple(self._rounds.values()):
            await self._stall(one, "no-server")

    def _may_wait_elsewhere(self, one: Round) -> None:
        """A batch that a limit holds back for long takes up nobody's place."""
        batch = one.batch
        if batch is None or not batch.idle or batch.again_at is None:
            return
        if batch.again_at > nanoseconds() + _LET_GO_AFTER:
            one.stop()

    def _limit_of(self, key: Key) -> Limit | None:
        return (
            self._own_limits.get(key.name) if key.scope == "mailing" else self._means.limit_of(key)
        )

    def _wake(self) -> None:
        self._relay.wake()

    def _wake_at(self, moment: int) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        loop = asyncio.get_running_loop()
        wait = max(0.001, (moment - nanoseconds()) / SECOND)
        self._alarm = loop.call_later(min(wait, 1.0), self._wake)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def nanoseconds() -> int:
    """Since 1970, in real time."""
    return time.time_ns()
