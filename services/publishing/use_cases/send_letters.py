"""Single letters are sent when they are due, a few side by side.

A letter is `sending` before anything leaves the house. Who is killed then leaves it so; when its
lease has run out nobody knows whether it left, and it is `uncertain`: a person may send it again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog

from services.publishing.domain.letter import Kind, Letter, State, Written, next_try
from services.publishing.use_cases.ports import Session
from shared.kernel.actor import Actor, housekeeping
from shared.kernel.clock import Clock, real_now
from shared.mail.letterbox import HandedOver

log = structlog.get_logger(__name__)

AT_ONCE = 6
LEASE = timedelta(seconds=90)
_DRAIN = 5.0
_BY = housekeeping("send-letters")

Writer = Callable[[Letter], Awaitable[Written | None]]
"""Looks up what a letter of its kind says, and to whom; None when there is nothing to say."""
Posting = Callable[[Letter, Written], Awaitable[HandedOver]]
Refused = Callable[[Letter, int], Awaitable[object]]
"""What is done when a server said no, with its code."""


class Queue(Protocol):
    """The queue of single letters, from the end where they leave."""

    async def claim(
        self, due: datetime, real: datetime, lease: timedelta, *, by: Actor
    ) -> Letter | None:
        """The one that is due longest, as `sending`."""
        ...

    async def move(
        self, letter: Letter, to: State, session: Session | None = None, *, by: Actor, **more: Any
    ) -> Letter | None:
        """On from where it stood; None if it stands elsewhere meanwhile."""
        ...

    async def left_in_hand(self, real: datetime, *, by: Actor) -> int:
        """What was in somebody's hand who is gone is uncertain."""
        ...


async def nobody_minds(letter: Letter, code: int) -> None:
    """For letters whose refusal concerns nobody."""
    del letter, code


@dataclass(frozen=True, slots=True)
class SendLetters:
    """`writers` knows each kind of letter; `post` hands it to the mail server."""

    queue: Queue
    writers: Mapping[Kind, Writer]
    post: Posting
    clock: Clock
    refused: Refused = nobody_minds

    async def __call__(self) -> int:
        """Send some of what is due; how many there were. Stopped, what is in hand still ends."""
        taken: list[Letter] = []
        while len(taken) < AT_ONCE and (letter := await self._next()) is not None:
            taken.append(letter)
        flying = [asyncio.create_task(self._send(letter)) for letter in taken]
        if not flying:
            return 0
        try:
            await asyncio.wait(flying)
        except asyncio.CancelledError:
            await asyncio.wait(flying, timeout=_DRAIN)
            raise
        for task in flying:
            task.result()
        return len(taken)

    async def give_up(self) -> int:
        """Letters that somebody had in hand who is gone."""
        return await self.queue.left_in_hand(real_now(), by=_BY)

    async def _next(self) -> Letter | None:
        return await self.queue.claim(self.clock.now(), real_now(), LEASE, by=_BY)

    async def _send(self, letter: Letter) -> None:
        try:
            written = await self.writers[letter.kind](letter)
        except Exception as error:  # noqa: BLE001 - it has not left, and is tried again
            log.warning("letter_not_written", letter=letter.id, reason=type(error).__name__)
            await self._later(letter, "not-written")
            return
        if written is None:
            await self.queue.move(letter, "withdrawn", by=_BY)
            return
        await self._settle(letter, await self.post(letter, written))

    async def _settle(self, letter: Letter, handed: HandedOver) -> None:
        match handed.kind:
            case "taken":
                await self.queue.move(letter, "sent", by=_BY, why=None)
            case "unknown":
                await self.queue.move(letter, "uncertain", by=_BY, why=handed.why)
            case "not-now":
                await self._later(letter, handed.why)
            case "refused":
                await self.queue.move(letter, "failed", by=_BY, why=handed.why)
                if handed.code is not None:
                    await self.refused(letter, handed.code)

    async def _later(self, letter: Letter, why: str | None) -> None:
        again = next_try(letter, self.clock.now())
        if again is None:
            await self.queue.move(letter, "failed", by=_BY, why=why)
        else:
            await self.queue.move(letter, "queued", by=_BY, why=why, due_at=again)
