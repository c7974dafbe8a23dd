"""What happened to one subject in one service: told, heard, given up. Ids, types, times, states."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, Protocol

from pydantic import BaseModel, Field
from pymongo import ASCENDING

from shared.delivery.indexes import DEAD_LETTERS, INBOX, OUTBOX
from shared.kernel.actor import Actor
from shared.mongo.client import Collection, Database

LONGEST = 500
"""Entries of each kind that are looked at, the first ones."""


class Entry(BaseModel):
    """One line of the journal."""

    at: datetime
    what: Literal["told", "heard", "given-up", "delivery", "message"]
    type: str | None = Field(description="event type, or what the service calls it")
    state: str = Field(description="e.g. unsent, sent, handled, superseded, refused:…, parked")
    subject: str | None
    event_id: str | None = None
    sequence: int | None = None
    correlation_id: str | None = None
    causation_id: str | None = None
    ended_at: datetime | None = Field(None, description="confirmed by the broker, or settled")


class Own(Protocol):
    """What a service adds of its own about a subject, as far as the asker may know of it."""

    async def __call__(self, subject: str, by: Actor, /) -> Sequence[Entry]:
        """In no particular order."""
        ...

    async def hides(self, subject: str, *, by: Actor) -> bool:
        """Whether the asker is not to learn that there is such a subject at all."""
        ...


class Journal:
    """Reads; writes nothing."""

    def __init__(self, database: Database, own: Own | None = None) -> None:
        self._outbox = database[OUTBOX]
        self._inbox = database[INBOX]
        self._dead = database[DEAD_LETTERS]
        self._own = own

    async def about(self, subject: str, *, by: Actor) -> list[Entry]:
        """Everything about the subject, in the order in which it happened here."""
        if self._own is not None and await self._own.hides(subject, by=by):
            return []
        told = await _first(self._outbox, subject, "_id")
        heard = await _first(self._inbox, subject, "at")
        dead = await _first(self._dead, subject, "parked_at")
        own = [] if self._own is None else list(await self._own(subject, by))
        entries = [*map(_told, told), *map(_heard, heard), *map(_given_up, dead), *own]
        return sorted(entries, key=lambda entry: entry.at)


async def _first(collection: Collection, subject: str, order: str) -> list[dict[str, Any]]:
    found = collection.find({"subject": subject}, {"body": 0}).sort(order, ASCENDING)
    return await found.limit(LONGEST).to_list(None)


def _ids(row: Mapping[str, Any]) -> dict[str, Any]:
    kept = ("type", "subject", "event_id", "sequence", "correlation_id", "causation_id")
    return {name: row.get(name) for name in kept}


def _told(row: Mapping[str, Any]) -> Entry:
    return Entry(
        at=row["created_at"],
        what="told",
        state=row["state"],
        ended_at=row.get("sent_at"),
        **_ids(row),
    )


def _heard(mark: Mapping[str, Any]) -> Entry:
    return Entry(at=mark["at"], what="heard", state=mark["outcome"], **_ids(mark))


def _given_up(letter: Mapping[str, Any]) -> Entry:
    history = letter["history"]
    return Entry(
        at=letter["parked_at"],
        what="given-up",
        state=letter["state"],
        ended_at=history[-1]["at"] if history else None,
        **_ids(letter),
    )
