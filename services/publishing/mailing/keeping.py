"""The ledgers of a mailer, kept together: one write has the answers so far and what leaves next.

While a write is on its way more gathers for the next one, so that the database sets the pace and
not the number of letters. A letter leaves when the write that names it is durable.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import structlog

from services.publishing.mailing.ports import Answer, Entry, Ledgers, StoreAway, StoreRefused
from services.publishing.mailing.round import Round
from shared.kernel.pauses import Pauses

log = structlog.get_logger(__name__)

_RENEW = 2.0
"""Seconds at most; a lease is good for several times as long."""
_RENEWALS = 5
"""In a lease, so that a busy machine that is late with some loses none."""
_REFUSED_AT_MOST = 3
_PATIENCE = 0.004
"""Seconds: about what a write takes."""
_TRY_AGAIN_AFTER = 32
"""Writes."""
_BEAT = 0.008
"""Seconds between the beginnings of two writes that few are waiting for."""


class Keeping:
    """`lost` hears of rounds that are somebody else's by now; `refused` that nothing is written."""

    def __init__(
        self, ledgers: Ledgers, lost: Callable[[Round], None], refused: Callable[[], None]
    ) -> None:
        self._ledgers, self._lost, self._refused = ledgers, lost, refused
        self._renew = min(_RENEW, ledgers.lease_seconds / _RENEWALS)
        self._changed: dict[Round, None] = {}
        self._leaving: list[tuple[Round, Callable[[], None]]] = []
        self._bell = asyncio.Event()
        self._most, self._enough, self._in_vain = 0, asyncio.Event(), 0
        self._writing: frozenset[Round] = frozenset()
        self._written_one = asyncio.Event()
        self._renewed_at = self._wrote_at = 0.0
        self.rounds: set[Round] = set()

    def changed(self, one: Round) -> None:
        """It is to be kept."""
        self._changed[one] = None
        self._bell.set()

    def leaves(self, one: Round, go: Callable[[], None]) -> None:
        """`go` once it is kept that a letter of this round may leave."""
        self._leaving.append((one, go))
        if len(self._leaving) >= self._most:
            self._enough.set()
        self.changed(one)

    async def kept(self, one: Round) -> None:
        """Returns when nothing of this round is left to keep, however busy the others are."""
        while one in self._changed or one in self._writing:
            await self._written_one.wait()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self._next()
            leaving, self._leaving = self._leaving, []
            changed, self._changed = self._changed, {}
            self._writing = frozenset(changed)
            await self._keep(tuple(changed))
            self._writing = frozenset()
            self._written_one.set()
            self._written_one = asyncio.Event()
            for one, go in leaving:
                if not one.is_lost:
                    go()
            await self._renew_now_and_then()

    async def _next(self) -> None:
        """Wait for something to keep; what is quiet for long is still ours."""
        while not self._changed:
            self._bell.clear()
            try:
                async with asyncio.timeout(self._renew):
                    await self._bell.wait()
            except TimeoutError:
                await self._renew_now_and_then()
        # What else the loop has ready now goes along.
        await asyncio.sleep(0)
        await self._more_of_them()

    async def _more_of_them(self) -> None:
        """Wait until most of what is in hand is here; but not where that has just been in vain.

        A write costs nearly the same for a letter as for all of them. A quick server has answered
        the others in a moment; with a slow one the next write keeps a beat, which is shorter than
        it takes such a server to answer an envelope.
        """
        self._most = sum(one.ledger.in_hand for one in self.rounds) * 2 // 3
        enough = len(self._leaving) >= self._most
        beat, self._in_vain = bool(self._in_vain), max(0, self._in_vain - 1)
        now = asyncio.get_running_loop().time()
        patience = self._wrote_at + _BEAT - now if beat else _PATIENCE
        if not enough and patience > 0:
            self._enough.clear()
            try:
                async with asyncio.timeout(patience):
                    await self._enough.wait()
            except TimeoutError:
                self._in_vain = self._in_vain if beat else _TRY_AGAIN_AFTER
        self._wrote_at = asyncio.get_running_loop().time()

    async def _renew_now_and_then(self) -> None:
        """Also while others are busy: a round that a limit holds back is still ours."""
        now = asyncio.get_running_loop().time()
        if now - self._renewed_at < self._renew:
            return
        self._renewed_at = now
        entries = [one.entry() for one in self.rounds if not one.is_lost]
        try:
            if entries:
                await self._ledgers.still_ours(entries)
        except (StoreAway, StoreRefused) as error:
            log.warning("lease_not_renewed", kind=type(error).__name__)

    async def _keep(self, rounds: Sequence[Round]) -> None:
        ours = [one for one in rounds if not one.is_lost]
        while ours:
            answers = await self._written([one.entry() for one in ours])
            again = []
            for one, answer in zip(ours, answers, strict=True):
                if answer == "kept":
                    one.version += 1
                elif answer == "lost":
                    one.is_lost = True
                    self._lost(one)
                else:
                    one.ledger.taken_over(answer.page)
                    one.version = answer.version
                    again.append(one)
            ours = again

    async def _written(self, entries: Sequence[Entry]) -> Sequence[Answer]:
        pauses, refused = Pauses(0.05, 1.0), 0
        while True:
            try:
                return await self._ledgers.keep(entries)
            except StoreAway:
                log.warning("ledger_away")
            except StoreRefused:
                log.warning("ledger_refused")
                refused += 1
                if refused == _REFUSED_AT_MOST:
                    self._refused()
            await pauses.rest()
