"""Reading activities."""

from __future__ import annotations

from collections.abc import Sequence

from services.booking.domain.activity import Activity
from services.booking.storage import documents
from services.booking.storage.indexes import ACTIVITIES
from services.booking.use_cases.ports import Page
from shared.kernel.actor import Actor
from shared.kernel.ids import ActivityId
from shared.kernel.refusal import NotFound
from shared.mongo.client import Database


class MongoActivities:
    """Activities are no secret: whoever asks is named for the record."""

    def __init__(self, database: Database) -> None:
        self._activities = database[ACTIVITIES]

    async def read(self, activity_id: ActivityId, *, by: Actor) -> Activity:  # noqa: ARG002
        """Raises NotFound."""
        document = await self._activities.find_one({"_id": activity_id})
        if document is None:
            raise NotFound
        return documents.activity_of(document)

    async def read_many(
        self,
        activity_ids: Sequence[ActivityId],
        *,
        by: Actor,  # noqa: ARG002
    ) -> dict[ActivityId, Activity]:
        """Those that are there."""
        found = self._activities.find({"_id": {"$in": list(activity_ids)}})
        return {ActivityId(each["_id"]): documents.activity_of(each) async for each in found}

    async def listed(self, *, limit: int, offset: int, by: Actor) -> Page:  # noqa: ARG002
        """By title."""
        found = self._activities.find().sort([("title_folded", 1), ("_id", 1)])
        items = [documents.activity_of(each) async for each in found.skip(offset).limit(limit)]
        return Page(items, await self._activities.count_documents({}))
