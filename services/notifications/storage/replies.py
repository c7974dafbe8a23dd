"""Inbound SMS that were taken, and how often a number was helped today. No text, no number."""

from __future__ import annotations

from pymongo import ReturnDocument

from services.notifications.storage.indexes import HELPS, REPLIES
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.mongo.client import Database, Session


class MongoReplies:
    """Deduplicated by the provider's id. Asked by the provider's callback only."""

    def __init__(self, database: Database) -> None:
        self._replies, self._helps = database[REPLIES], database[HELPS]

    async def first_time(
        self,
        session: Session,
        provider_id: str,
        number: str,
        meant: str,
        *,
        by: Actor,  # noqa: ARG002
    ) -> bool:
        """Note it; False if it was noted before."""
        noted = await self._replies.update_one(
            {"_id": provider_id},
            {"$setOnInsert": {"number": number, "meant": meant, "at": real_now()}},
            upsert=True,
            session=session,
        )
        return noted.upserted_id is not None

    async def may_help(
        self,
        session: Session,
        number: str,
        day: str,
        kind: str,
        most: int,
        *,
        by: Actor,  # noqa: ARG002
    ) -> bool:
        """Count a helping reply; False when there were enough for that day."""
        counted = await self._helps.find_one_and_update(
            {"_id": f"{number}|{day}|{kind}"},
            {"$inc": {"count": 1}, "$set": {"at": real_now()}},
            upsert=True,
            session=session,
            return_document=ReturnDocument.AFTER,
        )
        return bool(counted["count"] <= most)
