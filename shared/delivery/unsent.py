"""The outbox as the relay sees it: which rows wait, and saying that they are sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bson.timestamp import Timestamp
from pymongo import ASCENDING, WriteConcern

from shared.delivery.indexes import OUTBOX, UNSENT
from shared.kernel.clock import real_now
from shared.mongo.client import Database, Document
from shared.mongo.moments import read_snapshot

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
_NO_ROW = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waited at one moment: subject → its rows in order; and whether some were left out."""

    lanes: Mapping[str, list[Document]]
    cut_off: bool
    at: Timestamp


class Unsent:
    """Rows that the broker has not confirmed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._rows = database[OUTBOX]
        # Nobody's promise waits for a mark: one that is lost in a fail-over means that an event is
        # published again, and heard once. So no mark makes the next event's commit wait for it.
        self._marks = database.get_collection(OUTBOX, write_concern=WriteConcern(1))

    async def read(
        self, limit: int, *, besides: Collection[str] = (), not_about: Collection[str] = ()
    ) -> Waiting:
        """About so many rows, oldest first.

        No row is left out that comes before one that is given, within its subject. `besides` are
        ids that are in hand already, `not_about` subjects to leave alone for now.
        """
        wanted: dict[str, Any] = {"state": "unsent"}
        if besides:
            wanted["_id"] = {"$nin": list(besides)}
        if not_about:
            wanted["subject"] = {"$nin": list(not_about)}
        await self._marks_are_safe()
        found, at = await self._find(wanted, {"limit": limit, "batchSize": limit})
        cut_off = len(found) == limit
        if cut_off:
            # Ids follow the clocks of several processes: an earlier row of a subject may have a
            # later id and lie beyond the limit.
            subjects = list({row["subject"] for row in found})
            found, _ = await self._find({**wanted, "subject": {"$in": subjects}}, {}, at)
        return Waiting(by_subject(found), cut_off, at)

    async def _marks_are_safe(self) -> None:
        """Wait until the majority has every mark so far: a snapshot shows nothing before.

        A write that changes nothing waits for all that was written before it (MongoDB's manual,
        "Write Concern": it acknowledges the last operation that the server knows).
        """
        await self._rows.update_one({"_id": _NO_ROW}, {"$set": {"state": "sent"}})

    async def _find(
        self, wanted: Mapping[str, Any], limits: Mapping[str, int], at: Timestamp | None = None
    ) -> tuple[list[Document], Timestamp]:
        # A plain scan can meet row n+1 and have missed n; a snapshot cannot.
        find = {"filter": wanted, "projection": _ROW, "sort": {"_id": 1}, "hint": UNSENT, **limits}
        return await read_snapshot(self._database, OUTBOX, find, at=at)

    async def mark_sent(self, rows: Sequence[Document]) -> None:
        """Say that these are confirmed, and empty the bodies of sealed ones."""
        said = {"state": "sent", "sent_at": real_now()}
        plain = [row["_id"] for row in rows if not row["sealed"]]
        sealed = [row["_id"] for row in rows if row["sealed"]]
        if plain and await self._update(plain, said, sealed=False) < len(plain):
            # Some are to be emptied since they were read (`Outbox.answered`).
            sealed += plain
        if sealed:
            await self._update(sealed, {**said, "body": b""})

    async def _update(self, ids: Sequence[str], said: Mapping[str, Any], **more: Any) -> int:
        done = await self._marks.update_many(
            {"_id": {"$in": ids}, "state": "unsent", **more},
            {"$set": said, "$inc": {"attempts": 1}},
        )
        return done.matched_count

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


def by_subject(rows: Iterable[Document]) -> dict[str, list[Document]]:
    """Subject → its rows in the order of their telling."""
    lanes: dict[str, list[Document]] = {}
    for row in rows:
        lanes.setdefault(row["subject"], []).append(row)
    for lane in lanes.values():
        lane.sort(key=lambda row: (row["sequence"], row["_id"]))
    return lanes
