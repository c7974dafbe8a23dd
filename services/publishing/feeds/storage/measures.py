"""How much each partner has asked lately: a bucket of tokens that all processes take from.

By the database's own clock, so that those of the processes need not agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.publishing.storage.feed_indexes import MEASURES
from shared.mongo.client import Database, Document


@dataclass(frozen=True, slots=True)
class Measure:
    """So many requests at once, then so many a second. Both above 0."""

    burst: int
    per_second: float


class Measures:
    """One document per partner."""

    def __init__(self, database: Database) -> None:
        self._measures = database[MEASURES]

    async def take(self, partner_id: str, measure: Measure, wanted: int) -> tuple[int, float]:
        """How many of so many requests are allowed now, and what is left in the bucket.

        One write, whoever else takes at the same time. A bucket that was never asked is full.
        """
        try:
            row = await self._taken(partner_id, measure, wanted)
        except DuplicateKeyError:
            # Somebody else made it just now.
            row = await self._taken(partner_id, measure, wanted)
        return int(row["taken"]), float(row["level"])

    async def _taken(self, partner_id: str, measure: Measure, wanted: int) -> Document:
        taken: Document = await self._measures.find_one_and_update(
            {"_id": partner_id},
            _taking(measure, wanted),
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return taken


def _taking(measure: Measure, wanted: int) -> list[Document]:
    since: Any = {"$subtract": ["$$NOW", {"$ifNull": ["$at", "$$NOW"]}]}
    # A clock that was set back adds nothing.
    added = {"$multiply": [measure.per_second / 1000, {"$max": [since, 0]}]}
    level = {"$add": [{"$ifNull": ["$level", measure.burst]}, added]}
    return [
        {"$set": {"level": {"$min": [level, measure.burst]}, "at": "$$NOW"}},
        {"$set": {"taken": {"$min": [{"$floor": "$level"}, wanted]}}},
        {"$set": {"level": {"$subtract": ["$level", "$taken"]}}},
    ]
