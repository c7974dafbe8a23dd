"""One subscriber is changed: loaded, decided, saved; anew when somebody else was first."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.publishing.domain.subscriber import Subscriber
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.subscriber_ports import Subscribers
from shared.kernel.actor import Actor
from shared.kernel.refusal import VersionConflict

TRIES = 5
Decide = Callable[[Subscriber], Subscriber]


@dataclass(frozen=True, slots=True)
class Change:
    """What was, and what is; the same when nothing changed."""

    before: Subscriber
    after: Subscriber


async def nothing_more(session: Session, change: Change) -> None:
    """For a change that has nothing beside it."""
    del session, change


@dataclass(frozen=True, slots=True)
class ChangeSubscriber:
    """`decide` may be asked again, so it only decides; what changes nothing is not written.

    `beside` is done in the same transaction, also when nothing changed.
    """

    subscribers: Subscribers
    transact: Transact

    async def __call__(
        self,
        subscriber: uuid.UUID,
        decide: Decide,
        beside: Callable[[Session, Change], Awaitable[None]] = nothing_more,
        *,
        by: Actor,
        seen: int | None = None,
    ) -> Change | None:
        """What came of it; None when there is no such subscriber, to this asker.

        Raises:
            VersionConflict: they are not at the version `seen`, or changed five times meanwhile.
        """
        for last in (*[False] * (TRIES - 1), True):
            known = await self.subscribers.find(subscriber, by=by)
            if known is None:
                return None
            if seen is not None and known.version != seen:
                raise VersionConflict
            try:
                return await self._saved(known, decide(known), beside, by)
            except VersionConflict:
                if last or seen is not None:
                    raise
        raise AssertionError

    async def _saved(
        self,
        before: Subscriber,
        after: Subscriber,
        beside: Callable[[Session, Change], Awaitable[None]],
        by: Actor,
    ) -> Change:
        async def work(session: Session) -> Change:
            change = Change(before, before)
            if after != before:
                change = Change(before, await self.subscribers.save(session, before, after, by=by))
            await beside(session, change)
            return change

        return await self.transact(work)
