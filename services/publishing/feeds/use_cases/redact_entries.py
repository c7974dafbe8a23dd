"""Take words out of the feed that should never have been there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from services.publishing.domain.newsletter import Because
from services.publishing.feeds.storage.redactions import Redactions
from shared.kernel.actor import Actor
from shared.mongo.client import Session

Transact = Callable[[Callable[[Session], Awaitable[Any]]], Awaitable[Any]]
Also = Callable[[Session, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Redacted:
    """`about`: an event's id, or a subject. `entries`: how many were emptied."""

    about: str
    because: Because
    entries: int


@dataclass(frozen=True, slots=True)
class RedactEntries:
    """Empty one entry, or all about an occasion, a publication, a newsletter or a warning.

    Ids and positions stay, at every door: pages, streams, Atom, and what a webhook is sent again.
    What partners have already they keep; their agreement says that they follow. The reason is one
    of a few, since free words would say again what is to be gone.
    """

    redactions: Redactions
    transact: Transact

    async def __call__(self, about: str, because: Because, also: Also, *, by: Actor) -> Redacted:
        """Raises NotFound: the feed has nothing about it."""

        async def work(session: Session) -> Redacted:
            count = await self.redactions.of(session, about, because, by=by)
            done = Redacted(about, because, count)
            await also(session, done)
            return done

        done: Redacted = await self.transact(work)
        return done
