"""Somebody is forgotten: no address, no name, no letter; what counts people stays a count.

Their key is deleted, so that every copy of the row is blind within a minute, restored backups too.
A stop on the address outlives it, as a fingerprint: that is the promise never to write again.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.publishing.domain.links import subscriber_of
from services.publishing.domain.stamps import Keyring
from services.publishing.domain.subscriber import Subscriber
from services.publishing.use_cases.leave_list import NotOurLink
from services.publishing.use_cases.ports import Session, Transact
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.kernel.actor import Actor, housekeeping
from shared.kernel.clock import Clock
from shared.kernel.refusal import NotFound

AT_ONCE = 200
_BY = housekeeping("forget-subscriber")


class Known(Protocol):
    """Who is known."""

    async def find(
        self, subscriber: uuid.UUID, session: Session | None = None, *, by: Actor
    ) -> Subscriber | None:
        """One of them, or None."""
        ...


class Forgettings(Protocol):
    """The steps of it."""

    async def due(self, now: datetime, *, limit: int, by: Actor) -> Sequence[uuid.UUID]:
        """Some whose address nothing needs any more."""
        ...

    async def begin(
        self, session: Session, subscriber: uuid.UUID, due: datetime | None = None
    ) -> None:
        """No row, no letter; and a note that the key is to go. With `due`, if they still are."""
        ...

    async def left_over(self, *, limit: int, by: Actor) -> Sequence[uuid.UUID]:
        """Some whose key is still to go."""
        ...

    async def end(self, subscriber: uuid.UUID) -> None:
        """The key, and then the note."""
        ...


@dataclass(frozen=True, slots=True)
class ForgetSubscriber:
    """It cannot be undone; later they can sign up as anybody can. Again is harmless."""

    forgettings: Forgettings
    transact: Transact

    async def __call__(self, subscriber: uuid.UUID, due: datetime | None = None) -> None:
        """With `due`: only if nothing needs their address at that moment."""

        async def work(session: Session) -> None:
            await self.forgettings.begin(session, subscriber, due)

        await self.transact(work)
        await self.forgettings.end(subscriber)


@dataclass(frozen=True, slots=True)
class ForgetWhenAsked:
    """Somebody is forgotten by their own press, or by who watches over data protection.

    That staff did it is in the audit before it is done.
    """

    forget: ForgetSubscriber
    known: Known
    ring: Keyring
    audit: Audit

    async def by_staff(self, subscriber: uuid.UUID, *, by: Actor) -> None:
        """Raises NotFound, AuditUnavailable."""
        if await self.known.find(subscriber, by=by) is None:
            raise NotFound
        await self.audit.record(
            by,
            subjects=[str(subscriber)],
            fields=("erasure",),
            purpose=Purpose.ERASURE,
            rule="subscribers.forget",
        )
        await self.forget(subscriber)

    async def by_link(self, token: str) -> None:
        """By the link to their preferences; once more is quiet. Raises NotOurLink."""
        subscriber = subscriber_of(self.ring, token)
        if subscriber is None:
            raise NotOurLink
        by = Actor("participant", str(subscriber))
        if await self.known.find(subscriber, by=by) is not None:
            await self.forget(subscriber)


@dataclass(frozen=True, slots=True)
class ForgetWhoIsGone:
    """Time forgets: who never confirmed within a week, and who left their last list a year ago."""

    forgettings: Forgettings
    forget: ForgetSubscriber
    clock: Clock

    async def __call__(self) -> int:
        """How many were forgotten; and what broke off before is ended."""
        for subscriber in await self.forgettings.left_over(limit=AT_ONCE, by=_BY):
            await self.forgettings.end(subscriber)
        now = self.clock.now()
        due = await self.forgettings.due(now, limit=AT_ONCE, by=_BY)
        for subscriber in due:
            await self.forget(subscriber, now)
        return len(due)
