"""Reading the programme: occasions without their places, leaders and flags."""

from __future__ import annotations

from datetime import datetime

from services.booking.storage import documents
from services.booking.storage.indexes import OCCASIONS
from services.booking.use_cases.ports import OccasionSummary, Page
from services.booking.use_cases.see_programme import Choices, Wanted
from shared.kernel.actor import Actor
from shared.kernel.ids import OccasionId
from shared.kernel.refusal import NotFound
from shared.mongo.client import Database, Document

_WITHOUT_PEOPLE = {"places": 0, "ended_offers": 0}


class MongoProgramme:
    """What anybody may see; whoever asks is named all the same."""

    def __init__(self, database: Database) -> None:
        self._occasions = database[OCCASIONS]

    async def coming(
        self,
        wanted: Wanted,
        now: datetime,
        *,
        limit: int,
        offset: int,
        by: Actor,  # noqa: ARG002
    ) -> Page:
        """Earliest first."""
        query = _query(wanted, now)
        found = (
            self._occasions.find(query, _WITHOUT_PEOPLE)
            .sort([("starts_at", 1), ("_id", 1)])
            .skip(offset)
            .limit(limit)
        )
        items = [documents.summary_of(each) async for each in found]
        return Page(items, await self._occasions.count_documents(query))

    async def one(self, occasion_id: OccasionId, *, by: Actor) -> OccasionSummary:  # noqa: ARG002
        """Raises NotFound."""
        found = await self._occasions.find_one({"_id": occasion_id}, _WITHOUT_PEOPLE)
        if found is None:
            raise NotFound
        return documents.summary_of(found)

    async def choices(self, now: datetime, *, by: Actor) -> Choices:  # noqa: ARG002
        """Each once, in order; what is blank is nothing to choose."""
        coming = _query(Wanted(), now)
        kinds, audiences, rooms = [
            sorted(filter(None, await self._occasions.distinct(field, coming)))
            for field in ("kind", "audience", "room")
        ]
        return Choices(kinds, audiences, rooms)


def _query(wanted: Wanted, now: datetime) -> Document:
    first = now if wanted.first is None else max(now, wanted.first)
    starts = {"$gt": first} if first == now else {"$gte": first}
    if wanted.end is not None:
        starts["$lt"] = wanted.end
    asked = {
        "kind": wanted.kind,
        "audience": wanted.audience,
        "room": wanted.room,
        "activity_id": wanted.activity_id,
    }
    chosen = {name: value for name, value in asked.items() if value is not None}
    return {"cancelled": None, "starts_at": starts, **chosen}
