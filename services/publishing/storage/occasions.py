"""What booking told of its occasions: the newest of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from services.publishing.domain.occasions import Occasion
from services.publishing.storage.newsletter_indexes import OCCASIONS
from shared.kernel.actor import Actor
from shared.mongo.client import Database, Session

_TOLD = tuple(each.name for each in fields(Occasion) if each.name != "id")


class MongoOccasions:
    """See the port. What is in here is public."""

    def __init__(self, database: Database) -> None:
        self._rows = database[OCCASIONS]

    async def between(
        self,
        after: datetime,
        until: datetime,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Sequence[Occasion]:
        """Those that start then and take place, the earliest first."""
        wanted = {"starts_at": {"$gt": after, "$lte": until}, "cancelled": False}
        rows = self._rows.find(wanted).sort([("starts_at", 1), ("_id", 1)])
        return [
            Occasion(id=row["_id"], **{name: row[name] for name in _TOLD}) async for row in rows
        ]

    async def keep(
        self,
        session: Session,
        occasion: Occasion,
        *,
        by: Actor,  # noqa: ARG002
    ) -> bool:
        """Unless something newer is known: then False."""
        found = await self._rows.find_one({"_id": occasion.id}, {"sequence": 1}, session=session)
        if found is not None and found["sequence"] >= occasion.sequence:
            return False
        row = {"_id": occasion.id, **{name: getattr(occasion, name) for name in _TOLD}}
        await self._rows.replace_one({"_id": occasion.id}, row, upsert=True, session=session)
        return True
