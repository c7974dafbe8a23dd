"""How often an edition was fetched on a day: a number under edition, language and day.

No address, time of day, browser or cookie is looked at, so that none can be kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from services.publishing.storage.publication_indexes import DOWNLOADS
from shared.kernel.actor import Actor
from shared.mongo.client import Database


class MongoDownloads:
    """See the port."""

    def __init__(self, database: Database) -> None:
        self._rows = database[DOWNLOADS]

    async def count(self, edition: str, language: str, day: date) -> None:
        """One more."""
        await self._rows.update_one(
            {"_id": f"{edition}/{language}/{day.isoformat()}"},
            {"$inc": {"count": 1}, "$setOnInsert": {"edition": edition, "day": day.isoformat()}},
            upsert=True,
        )

    async def of(self, edition: str, *, by: Actor) -> Mapping[date, int]:  # noqa: ARG002
        """All languages of a day together; days without any are not there."""
        days: Counter[date] = Counter()
        async for row in self._rows.find({"edition": edition}):
            days[date.fromisoformat(row["day"])] += row["count"]
        return dict(sorted(days.items()))
