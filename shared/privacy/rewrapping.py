"""Wrapping keys anew after the master key was changed: in batches, while everybody goes on reading.

A row is replaced only as it was read, so that a key that is forgotten meanwhile never comes back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from pymongo import UpdateOne

from shared.mongo.client import Database, Document
from shared.privacy import person_keys, sealing
from shared.privacy.master_keys import MasterKeys
from shared.privacy.wrapping import DoesNotOpen


@dataclass(frozen=True, slots=True)
class Standing:
    """How far it has come: `unopened` of those left are wrapped with a key not known here."""

    newest: str
    total: int
    left: int
    unopened: int = 0


class Rewrapping:
    """All keys of one service that its master key wraps."""

    def __init__(self, database: Database, masters: MasterKeys) -> None:
        self._masters = masters
        self._kinds = (
            (database["person_keys"], "wrapped", person_keys.place),
            (database["sealing_keys"], "private", sealing.place),
        )

    async def standing(self) -> Standing:
        """How many keys there are, and how many still wait."""
        total = left = unopened = 0
        for keys, field, _ in self._kinds:
            total += await keys.count_documents({field: {"$exists": True}})
            left += await keys.count_documents(self._waiting(field))
            unopened += await keys.count_documents(self._waiting(field, known=False))
        return Standing(self._masters.newest, total, left, unopened)

    async def step(self, limit: int) -> Standing:
        """Wrap up to so many anew. Again, from anywhere and side by side, is harmless."""
        unopened = 0
        for keys, field, place in self._kinds:
            # Those that cannot be opened do not stand in the way of those that can.
            found = keys.find(self._waiting(field, known=True)).limit(limit)
            changes: list[Any] = []
            async for row in found:
                try:
                    changes.append(self._anew(row, field, place(row["_id"])))
                except DoesNotOpen:
                    unopened += 1
            if changes:
                await keys.bulk_write(changes, ordered=False)
        standing = await self.standing()
        return replace(standing, unopened=standing.unopened + unopened)

    def _waiting(self, field: str, *, known: bool | None = None) -> Document:
        """All that wait; or those that name a master key known here (or none), or another."""
        waits: Document = {field: {"$exists": True}, "master": {"$ne": self._masters.newest}}
        if known is None:
            return waits
        # A row that names none is from before names were kept: null matches it.
        named: Document = {"$in" if known else "$nin": [*self._masters.names, None]}
        return {"$and": [waits, {"master": named}]}

    def _anew(self, row: Document, field: str, place: bytes) -> UpdateOne:
        plain = self._masters.unwrap(bytes(row[field]), place, row.get("master"))
        anew = {field: self._masters.wrap(plain, place), "master": self._masters.newest}
        return UpdateOne({"_id": row["_id"], field: row[field]}, {"$set": anew})
