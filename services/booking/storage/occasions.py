"""Reading occasions."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from datetime import datetime

from services.booking.domain.occasion import Occasion
from services.booking.spreadsheets.dates import DASHES
from services.booking.spreadsheets.leaders import username_of
from services.booking.storage import documents
from services.booking.storage.indexes import OCCASIONS
from services.booking.storage.occasion_queries import index_for, occasion_order, occasion_query
from services.booking.use_cases.occasion_lists import OccasionsWanted
from services.booking.use_cases.ports import Page
from shared.kernel.actor import Actor
from shared.kernel.ids import OccasionId
from shared.kernel.refusal import NotFound
from shared.mongo.client import Database, Document

_WITHOUT_PLACES = {"places": 0, "ended_offers": 0}


class MongoOccasions:
    """Occasions are no secret among those who get this far; whoever asks is named."""

    def __init__(self, database: Database) -> None:
        self._occasions = database[OCCASIONS]

    async def read(self, occasion_id: OccasionId, *, by: Actor) -> Occasion:  # noqa: ARG002
        """Raises NotFound."""
        document = await self._occasions.find_one({"_id": occasion_id})
        if document is None:
            raise NotFound
        return documents.occasion_of(document)

    async def read_many(
        self,
        occasion_ids: Sequence[OccasionId],
        *,
        by: Actor,  # noqa: ARG002
    ) -> dict[OccasionId, Occasion]:
        """Those that are there."""
        found = self._occasions.find({"_id": {"$in": list(occasion_ids)}})
        return {OccasionId(each["_id"]): documents.occasion_of(each) async for each in found}

    async def listed(
        self,
        wanted: OccasionsWanted,
        *,
        limit: int,
        offset: int,
        by: Actor,  # noqa: ARG002
    ) -> Page:
        """Summaries, in the order that is wanted and then the earliest first."""
        names = None if wanted.led_by is None else await self._names_of(wanted.led_by)
        query = occasion_query(wanted, names)
        found = self._occasions.find(query, _WITHOUT_PLACES)
        found = found.sort(occasion_order(wanted.order)).skip(offset).limit(limit)
        index = index_for(wanted)
        if index and wanted.order == "starts_at":
            found = found.hint(index)
        # Side by side: neither waits for the other's way to the database and back.
        rows, total = await asyncio.gather(found.to_list(limit), self._count(query, index))
        return Page([documents.summary_of(each) for each in rows], total)

    async def _count(self, query: Document, index: str | None) -> int:
        if index is None:
            return await self._occasions.count_documents(query)
        return await self._occasions.count_documents(query, hint=index)

    async def _names_of(self, username: str) -> list[str]:
        """The names of leaders, as occasions write them, that this username is matched by."""
        names = await self._occasions.distinct("leaders")
        return [name for name in names if username_of(name) == username.casefold()]

    async def of_titles(self, titles: Sequence[str], *, by: Actor) -> list[Occasion]:  # noqa: ARG002
        """Occasions of the activities with these titles (`alike`), whole."""
        wanted = [_with_any_dashes(title) for title in titles]
        found = self._occasions.find({"title_folded": {"$in": wanted}})
        return [documents.occasion_of(each) async for each in found]

    async def due(
        self,
        now: datetime,
        *,
        by: Actor,  # noqa: ARG002
        limit: int = 100,
    ) -> list[tuple[OccasionId, int]]:
        """Earliest first, with the version of each."""
        found = self._occasions.find({"settles_at": {"$lte": now}}, {"version": 1})
        found = found.sort("settles_at", 1).limit(limit)
        return [(OccasionId(each["_id"]), each["version"]) async for each in found]

    async def look_again(
        self,
        occasion_id: OccasionId,
        version: int,
        at: datetime | None,
        *,
        by: Actor,  # noqa: ARG002
    ) -> None:
        """Only while the version stands; any change of the occasion reckons the moment anew."""
        query = {"_id": occasion_id, "version": version}
        await self._occasions.update_one(query, {"$set": {"settles_at": at}})


def _with_any_dashes(title: str) -> str | re.Pattern[str]:
    """What a query meets the title by; only one with dashes needs a pattern."""
    words = title.split("-")
    if len(words) == 1:
        return title
    return re.compile(f"^{DASHES.pattern.join(re.escape(word) for word in words)}$")
