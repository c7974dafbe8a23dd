"""The outbox as the relay sees it: which rows wait, and saying that they are sent."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING
from pymongo.read_concern import ReadConcern

from shared.delivery.indexes import OUTBOX, UNSENT
from shared.kernel.clock import real_now
from shared.mongo.client import Database, Document

_ROW = {
    "type": 1,
    "subject": 1,
    "sequence": 1,
    "exchange": 1,
    "routing_key": 1,
    "headers": 1,
    "body": 1,
    "sealed": 1,
    "created_at": 1,
}


class Unsent:
    """Rows that the broker has not confirmed."""

    def __init__(self, database: Database) -> None:
        self._rows = database[OUTBOX]
        # A plain scan can meet row n+1 and have missed n; a snapshot cannot.
        self._snapshot = self._rows.with_options(read_concern=ReadConcern("snapshot"))

    async def read(
        self, limit: int, *, besides: Collection[str] = (), not_about: Collection[str] = ()
    ) -> tuple[dict[str, list[Document]], bool]:
        """Subject → its rows in order, oldest first, and whether there is more to read.

        No row is left out that comes before one that is given, within its subject. `besides` are
        ids that are in hand already, `not_about` subjects to leave alone for now.
        """
        wanted: dict[str, Any] = {"state": "unsent"}
        if besides:
            wanted["_id"] = {"$nin": list(besides)}
        if not_about:
            wanted["subject"] = {"$nin": list(not_about)}
        found = await self._find(wanted, limit)
        cut_off = len(found) == limit
        if cut_off:
            # Ids follow the clocks of several processes: an earlier row of a subject may have a
            # later id and lie beyond the limit.
            subjects = list({row["subject"] for row in found})
            found = await self._find({**wanted, "subject": {"$in": subjects}}, None)
        return _by_subject(found), cut_off

    async def _find(self, wanted: Mapping[str, Any], limit: int | None) -> list[Document]:
        cursor = self._snapshot.find(wanted, _ROW).sort("_id", ASCENDING).hint(UNSENT)
        return await cursor.limit(limit or 0).to_list(None)

    async def mark_sent(self, rows: Sequence[Document]) -> None:
        """Say that these are confirmed, and empty the bodies of sealed ones."""
        said = {"state": "sent", "sent_at": real_now()}
        plain = [row["_id"] for row in rows if not row["sealed"]]
        sealed = [row["_id"] for row in rows if row["sealed"]]
        if plain:
            await self._update(plain, said)
        if sealed:
            await self._update(sealed, {**said, "body": b""})

    async def _update(self, ids: Sequence[str], said: Mapping[str, Any]) -> None:
        await self._rows.update_many(
            {"_id": {"$in": ids}, "state": "unsent"}, {"$set": said, "$inc": {"attempts": 1}}
        )

    async def mark_failed(self, row_id: str, kind: str) -> None:
        """Count a publish that the broker turned down."""
        await self._rows.update_one(
            {"_id": row_id}, {"$inc": {"attempts": 1}, "$set": {"failure": kind}}
        )

    async def backlog(self) -> tuple[int, datetime | None]:
        """How many rows wait (counted up to 10,000), and since when the oldest does."""
        waiting = await self._rows.count_documents({"state": "unsent"}, limit=10_000, hint=UNSENT)
        oldest = await self._rows.find_one(
            {"state": "unsent"}, {"created_at": 1}, sort=[("_id", ASCENDING)], hint=UNSENT
        )
        return waiting, None if oldest is None else oldest["created_at"]


def _by_subject(rows: Sequence[Document]) -> dict[str, list[Document]]:
    lanes: dict[str, list[Document]] = {}
    for row in rows:
        lanes.setdefault(row["subject"], []).append(row)
    for lane in lanes.values():
        lane.sort(key=lambda row: (row["sequence"], row["_id"]))
    return lanes
