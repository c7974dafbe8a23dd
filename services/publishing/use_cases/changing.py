"""One subscriber is changed: loaded, decided, saved; anew when somebody else was first."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from services.publishing.domain.subscriber import Subscriber
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.subscriber_ports import Subscribers
from shared.kernel.actor import Actor
from shared.kernel.pauses import Pauses
from shared.kernel.refusal import VersionConflict

TRIES = 12
T = TypeVar("T")
Decide = Callable[[Subscriber], Subscriber]


async def until_alone(once: Callable[[], Awaitable[T]], raced: Callable[[Exception], bool]) -> T:
    """Do it again while somebody else was first; after some seconds of that, their error.

    With a pause: who was first is committed, but for a moment reads may still see what was before.
    """
    pauses = Pauses(0.01, 0.5)
    for _ in range(TRIES - 1):
        try:
            return await once()
        except Exception as error:
            if not raced(error):
                raise
        await pauses.rest()
    return await once()


def was_changed(error: Exception) -> bool:
    """Whether somebody else changed it first."""
    return isinstance(error, VersionConflict)


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
            VersionConflict: they are not at the version `seen`, or changed again and again.
        """

        async def once() -> Change | None:
            known = await self.subscribers.find(subscriber, by=by)
            if known is None:
                return None
            if seen is not None and known.version != seen:
                raise VersionConflict
            return await self._saved(known, decide(known), beside, by)

        return await (once() if seen is not None else until_alone(once, was_changed))

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
