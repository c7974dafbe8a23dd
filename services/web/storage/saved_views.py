"""Saved views: a name and the address of a filtered list, each person's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shared.kernel.ids import new_id
from shared.mongo.client import Database

MOST = 50


@dataclass(frozen=True, slots=True)
class SavedView:
    """A list as somebody likes to see it."""

    id: str
    name: str
    address: str


class SavedViews:
    """Keeps, lists and removes them."""

    def __init__(self, database: Database) -> None:
        self._kept = database["saved_views"]

    async def make_indexes(self) -> None:
        """A person's views stand together."""
        await self._kept.create_index([("subject", 1), ("name", 1)], name="subject")

    async def of(self, subject: str) -> Sequence[SavedView]:
        """A person's own, by name."""
        found = self._kept.find({"subject": subject}).sort("name", 1).limit(MOST)
        return [SavedView(each["_id"], each["name"], each["address"]) async for each in found]

    async def keep(self, subject: str, name: str, address: str) -> bool:
        """Keep one; the same name again replaces it. False when there are too many."""
        same = {"subject": subject, "name": name}
        is_new = await self._kept.find_one(same) is None
        if is_new and await self._kept.count_documents({"subject": subject}) >= MOST:
            return False
        await self._kept.update_one(
            same, {"$set": {"address": address}, "$setOnInsert": {"_id": new_id()}}, upsert=True
        )
        return True

    async def remove(self, subject: str, view_id: str) -> None:
        """Remove one of a person's own."""
        await self._kept.delete_one({"_id": view_id, "subject": subject})
