"""Who read what of somebody's personal details: written before the answer leaves, or nobody reads.

Each service keeps its own, in the collection `reads`.
"""

from __future__ import annotations

from collections.abc import Sequence

from pymongo import ASCENDING

from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.mongo.client import Database

COLLECTION = "reads"


class MongoReads:
    """Append only: nothing here is changed or deleted."""

    def __init__(self, database: Database) -> None:
        self._reads = database[COLLECTION]

    async def make_indexes(self) -> None:
        """To find who read of somebody, in order."""
        await self._reads.create_index([("about", ASCENDING), ("at", ASCENDING)], name="about")

    async def note(self, what: str, about: Sequence[str], *, by: Actor) -> None:
        """`what` was read about these ids. Durable (majority) when it returns; else it raises."""
        await self._reads.insert_one(
            {
                "_id": new_id(),
                "what": what,
                "about": list(about),
                "by": by.id,
                "roles": sorted(by.roles),
                "at": real_now(),
            }
        )
