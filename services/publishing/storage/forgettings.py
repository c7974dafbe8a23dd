"""Forgetting somebody, and what of it is still to be done.

The row and the letters go in one transaction, which also notes that the key is still to go; the
note is taken away when the key is gone. So it ends, wherever it is broken off.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from services.publishing.domain.leaving import Left
from services.publishing.storage.leavings import MongoLeavings
from services.publishing.storage.subscriber_documents import key
from services.publishing.storage.subscriber_indexes import FORGETTINGS, LETTERS, SUBSCRIBERS
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.mongo.client import Database, Document, Session
from shared.privacy.vault import Vault


class MongoForgettings:
    """`_id` of a note is the subscriber's."""

    def __init__(self, database: Database, people: Vault, leavings: MongoLeavings) -> None:
        self._notes, self._subscribers = database[FORGETTINGS], database[SUBSCRIBERS]
        self._letters, self._people, self._leavings = database[LETTERS], people, leavings

    async def due(
        self,
        now: datetime,
        *,
        limit: int,
        by: Actor,  # noqa: ARG002 - ids, to the clockwork
    ) -> Sequence[uuid.UUID]:
        """Some whose address nothing needs any more."""
        rows = self._subscribers.find({"forget_at": {"$lte": now}}, {"_id": 1}).limit(limit)
        return [row["_id"].as_uuid() async for row in rows]

    async def begin(
        self, session: Session, subscriber: uuid.UUID, due: datetime | None = None
    ) -> None:
        """No row, no letter; mailers at work hear of it. With `due`, only if they still are."""
        asked: Document = {"_id": key(subscriber)}
        if due is not None:
            asked["forget_at"] = {"$lte": due}
        found = await self._subscribers.delete_one(asked, session=session)
        if due is not None and not found.deleted_count:
            return
        await self._letters.delete_many({"about": str(subscriber)}, session=session)
        await self._leavings.add(session, [Left(subscriber, None, "unsubscribed")])
        note = {"_id": key(subscriber)}
        await self._notes.replace_one(note, {"at": real_now()}, upsert=True, session=session)

    async def left_over(self, *, limit: int, by: Actor) -> Sequence[uuid.UUID]:  # noqa: ARG002
        """Some whose key is still to go."""
        rows = self._notes.find({}, {"_id": 1}).limit(limit)
        return [row["_id"].as_uuid() async for row in rows]

    async def end(self, subscriber: uuid.UUID) -> None:
        """The key, for good, and then the note. Outside of any transaction; again is harmless."""
        if await self._notes.find_one({"_id": key(subscriber)}, {"_id": 1}) is not None:
            await self._people.forget(str(subscriber))
            await self._notes.delete_one({"_id": key(subscriber)})
