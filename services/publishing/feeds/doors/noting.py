"""Receipts of what the doors give: at once where somebody asked, and now and then of what flows.

Of one entry that hundreds of streams give their readers, a process writes a receipt per partner,
not one per stream. What is still to be written when a process is killed is in `Receipts`' care.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextvars import Context
from dataclasses import dataclass, field

import structlog
from pymongo.errors import PyMongoError

from services.publishing.feeds.domain.ranges import Ranges, with_range
from services.publishing.feeds.domain.reconciling import Door
from services.publishing.feeds.storage.receipts import Passage, Receipts

log = structlog.get_logger(__name__)

_DOORS: tuple[Door, ...] = ("feed", "stream")
EVERY = 1.0
"""Seconds, at least, between two writings of what flows."""


@dataclass(slots=True)
class _Waiting:
    given: Ranges = ()
    ends: list[int] = field(default_factory=list)

    def add(self, given: Sequence[Passage], ends: Sequence[int]) -> None:
        for one in given:
            self.given = with_range(self.given, one.after, one.upto)
        self.ends += ends

    @property
    def passages(self) -> list[Passage]:
        return [Passage(*one) for one in self.given]


class Noting:
    """One per process. What waits for a partner is written with the next that is noted of it."""

    def __init__(self, receipts: Receipts) -> None:
        self._receipts = receipts
        self._waiting: dict[tuple[str, Door], _Waiting] = {}
        self._writing: asyncio.Task[None] | None = None
        self._one_at_a_time = asyncio.Lock()

    def flows(
        self, partner_id: str, door: Door, given: Sequence[Passage], ends: Sequence[int] = ()
    ) -> None:
        """It was given, and is written soon. `ends`: where streams began that give no more."""
        self._waiting.setdefault((partner_id, door), _Waiting()).add(given, ends)
        if self._writing is None or self._writing.done():
            # Not in the context of whoever happens to be the first to note.
            self._writing = asyncio.create_task(self._write(), context=Context())

    async def now(
        self,
        partner_id: str,
        door: Door,
        given: Sequence[Passage] = (),
        *,
        has_upto: int | None = None,
        begins: int | None = None,
    ) -> None:
        """Written when this returns. See `Receipts.note`."""
        if has_upto is not None:
            await self._written_elsewhere(partner_id, door)
        mine = self._waiting.pop((partner_id, door), _Waiting())
        mine.add(given, ())
        try:
            await self._receipts.note(
                *(partner_id, door, mine.passages),
                has_upto=has_upto,
                begins=begins,
                ends=mine.ends,
            )
        except BaseException:
            self.flows(partner_id, door, mine.passages, mine.ends)
            raise

    async def _written_elsewhere(self, partner_id: str, door: Door) -> None:
        """What the partner says that it has may be what another door gave it a moment ago."""
        for other in _DOORS:
            if other != door and (partner_id, other) in self._waiting:
                await self.now(partner_id, other)

    async def all(self) -> None:
        """Everything that was noted until now is written when this returns."""
        async with self._one_at_a_time:
            for partner_id, door in list(self._waiting):
                if (partner_id, door) in self._waiting:
                    await self.now(partner_id, door)

    async def _write(self) -> None:
        while self._waiting:
            await asyncio.sleep(EVERY)
            try:
                await self.all()
            except PyMongoError as error:
                log.warning("receipts_wait", reason=type(error).__name__)
