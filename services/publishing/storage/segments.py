"""Saved segments: a name and a question."""

from __future__ import annotations

from services.publishing.domain.saved_segment import SavedSegment
from services.publishing.domain.segments import as_data, from_data
from services.publishing.storage.subscriber_indexes import SEGMENTS
from shared.kernel.actor import Actor
from shared.kernel.refusal import VersionConflict
from shared.mongo import versioned
from shared.mongo.client import Database, Document, Session


class MongoSegments:
    """They hold no person: only what is asked."""

    def __init__(self, database: Database) -> None:
        self._rows = database[SEGMENTS]

    async def find(
        self,
        segment_id: str,
        session: Session | None = None,
        *,
        by: Actor,  # noqa: ARG002
    ) -> SavedSegment | None:
        """One of them, or None."""
        found = await self._rows.find_one({"_id": segment_id}, session=session)
        return _segment(found) if found else None

    async def page(
        self,
        *,
        limit: int,
        offset: int,
        by: Actor,  # noqa: ARG002
    ) -> tuple[list[SavedSegment], int]:
        """Some of them, the oldest first, and how many there are."""
        rows = self._rows.find({}).sort("_id", 1).skip(offset).limit(limit)
        found = [_segment(row) async for row in rows]
        return found, await self._rows.count_documents({})

    async def save(self, session: Session, one: SavedSegment, *, by: Actor) -> int:  # noqa: ARG002
        """Write it over the version that it has (0: new); the new version. Or VersionConflict."""
        document = {"_id": one.id, "name": one.name, "segment": as_data(one.segment)}
        return await versioned.replace(self._rows, document, one.version, session)

    async def drop(self, session: Session, one: SavedSegment) -> None:
        """Take it away; VersionConflict if somebody changed it."""
        asked = {"_id": one.id, "version": one.version}
        if not (await self._rows.delete_one(asked, session=session)).deleted_count:
            raise VersionConflict


def _segment(row: Document) -> SavedSegment:
    return SavedSegment(row["_id"], row["name"], from_data(row["segment"]), row["version"])
