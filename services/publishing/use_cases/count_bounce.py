"""A letter came back: it is held against the address, until the address is given up."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from services.publishing.domain.bounce_score import Owing, Refused, bounced, is_dead
from services.publishing.domain.letter import Letter
from services.publishing.domain.smtp_replies import Code, Kind, kind_of
from services.publishing.domain.subscriber import Subscriber
from services.publishing.domain.suppression import Suppression
from services.publishing.use_cases.changing import Change, ChangeSubscriber
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.subscriber_ports import Suppressions
from shared.kernel.actor import Actor, housekeeping
from shared.kernel.clock import Clock

AT_ONCE = 200
BATCHES_AT_ONCE = 20
OF_SUBSCRIBERS = frozenset({"opt-in", "already-on"})
"""Kinds of single letters that are about a subscriber."""
_BY = housekeeping("count-bounce")


class Mailboxes(Protocol):
    """Whose mailbox has which fingerprint."""

    async def fingerprint(
        self, subscriber: uuid.UUID, session: Session | None = None, *, by: Actor
    ) -> str | None:
        """None when nobody is there any more."""
        ...


class Refusals(Protocol):
    """Letters that failed, as ledgers have it."""

    async def owed(self, limit: int, now: datetime, *, by: Actor) -> Sequence[Owing]:
        """Some batches with bounces that nobody has put down yet."""
        ...

    async def put_down(self, session: Session, owing: Owing) -> None:
        """Put them down to be counted, unless the batch is not as it was read any more."""
        ...

    async def waiting(self, limit: int, *, by: Actor) -> Sequence[Refused]:
        """Some that nobody has counted yet."""
        ...

    async def counted(self, session: Session, recipient: uuid.UUID) -> None:
        """Take it away, in the transaction that counts it."""
        ...


async def nothing_beside(session: Session) -> None:
    """For a bounce that nothing else is to be written for."""
    del session


@dataclass(frozen=True, slots=True)
class CountBounce:
    """Points add up and fade (`domain.bounce_score`); a dead address is never written to again."""

    mailboxes: Mailboxes
    suppressions: Suppressions
    change: ChangeSubscriber

    async def __call__(
        self,
        subscriber: uuid.UUID,
        kind: Kind,
        at: datetime,
        beside: Callable[[Session], Awaitable[None]] = nothing_beside,
    ) -> bool:
        """Whether there is such a subscriber; `beside` is done in the same transaction."""

        def decide(known: Subscriber) -> Subscriber:
            return replace(known, trouble=bounced(known.trouble, kind, at))

        async def work(session: Session, change: Change) -> None:
            if is_dead(change.after.trouble, at):
                blind = await self.mailboxes.fingerprint(subscriber, session, by=_BY)
                if blind is not None:
                    stopped = Suppression(blind, "dead-address", at)
                    await self.suppressions.add(session, stopped)
            await beside(session)

        return await self.change(subscriber, decide, work, by=_BY) is not None

    async def of_letter(self, letter: Letter, code: int, clock: Clock) -> None:
        """A server said no to a single letter."""
        if letter.kind in OF_SUBSCRIBERS:
            await self(uuid.UUID(letter.about), kind_of(Code(code)), clock.now())


@dataclass(frozen=True, slots=True)
class CountRefusals:
    """Whatever a ledger has as bounced is counted once, refused at the door or reported later.

    In two transactions: the ledger owes it until it is put down, and it is taken away when it is
    counted. So it is all the same who dies when.
    """

    refusals: Refusals
    count: CountBounce
    transact: Transact
    clock: Clock

    async def __call__(self) -> int:
        """How many there were."""
        for owing in await self.refusals.owed(BATCHES_AT_ONCE, self.clock.now(), by=_BY):

            async def put_down(session: Session, one: Owing = owing) -> None:
                await self.refusals.put_down(session, one)

            await self.transact(put_down)
        waiting = await self.refusals.waiting(AT_ONCE, by=_BY)
        for refused in waiting:

            async def away(session: Session, one: Refused = refused) -> None:
                await self.refusals.counted(session, one.recipient)

            known = refused.kind is not None and await self.count(
                refused.subscriber, refused.kind, refused.at, away
            )
            if not known:
                await self.transact(away)
        return len(waiting)
