"""Who read what of somebody's needs. Written with majority before the answer leaves."""

from __future__ import annotations

from collections.abc import Sequence

from services.booking.storage.indexes import READS
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.mongo.client import Database


class MongoReads:
    """Append only: nothing here is changed or deleted."""

    def __init__(self, database: Database) -> None:
        self._reads = database[READS]

    async def note(self, what: str, about: Sequence[str], *, by: Actor) -> None:
        """Durable when it returns; if it cannot be written it raises, and nothing is read."""
        await self._reads.insert_one(
            {"_id": new_id(), "what": what, "about": list(about), "by": by.id, "at": real_now()}
        )
