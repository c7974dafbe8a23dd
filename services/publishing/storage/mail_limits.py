"""Limits that all mailers share: a bucket per key, by the database's own clock.

A reserve is a read, a reckoning and a conditional write; who was slower reads again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bson.int64 import Int64
from pymongo.errors import DuplicateKeyError

from services.publishing.domain.limits import SECOND, Bucket, Key, Limit
from services.publishing.domain.reserving import complained, grace, is_over, reckoned, reserved
from services.publishing.storage.store_errors import as_store_errors
from shared.mongo.client import Database, Document

LIMITS = "mail_limits"
_LEAD = SECOND // 25
"""What is reserved begins a little later than now: the answer has to reach us."""
_AGAIN = SECOND // 5
_ROUGH = SECOND // 1000
"""The database says its time in whole milliseconds."""


class MongoLimits:
    """A mailer's way to moments of its own."""

    def __init__(self, database: Database) -> None:
        self._database, self._rows = database, database[LIMITS]

    async def reserve(
        self, key: Key, limit: Limit | None, wanted: int
    ) -> tuple[list[tuple[int, int]], int] | None:
        """Moments of ours (earliest, latest) by our clock, and when it is worth asking again.

        None: there is no limit, or the one that a complaint had made is over.
        """
        with as_store_errors():
            while True:
                row, now, asked, heard = await self._read(key)
                bucket = _bucket(row, limit)
                if bucket is None:
                    return None
                if limit is None and is_over(bucket, now):
                    await self._rows.delete_one({"_id": _name(key)})
                    return None
                after, moments, free = reserved(bucket, now + _LEAD, wanted)
                if moments and not await self._write(key, row, after, made=limit is None):
                    continue
                late = _late(limit, bucket)
                ours = [(at - now + heard, at - now + asked + late - _ROUGH) for at in moments]
                return ours, free - now + heard - (_AGAIN if moments else 0)

    async def complained(self, key: Key, limit: Limit | None, per_second: float) -> None:
        """Half as fast, for everybody. Complaints within a second are one."""
        with as_store_errors():
            while True:
                row, now, _, _ = await self._read(key)
                bucket = _bucket(row, limit)
                after = complained(bucket, per_second, now)
                if after == bucket or await self._write(key, row, after, made=limit is None):
                    return

    async def _read(self, key: Key) -> tuple[Mapping[str, Any] | None, int, int, int]:
        """The row, the database's time, and our own before and after asking. In nanoseconds."""
        asked = time.time_ns()
        found = await self._database[LIMITS].find_one({"_id": _name(key)}, _WITH_NOW)
        if found is None:
            said = await self._database.command("hello")
            at: datetime = said["localTime"]
        else:
            at = found["now"]
        return found, _nanoseconds(at), asked, time.time_ns()

    async def _write(
        self, key: Key, row: Mapping[str, Any] | None, after: Bucket, *, made: bool
    ) -> bool:
        fields: Document = {
            "scope": key.scope,
            "name": key.name,
            "messages": after.limit.messages,
            "per_ms": int(after.limit.per / timedelta(milliseconds=1)),
            "full_at": Int64(after.full_at),
            "factor": after.factor,
            "slowed_at": Int64(after.slowed_at),
            "made": made,
        }
        if row is None:
            try:
                await self._rows.insert_one({"_id": _name(key), **fields})
            except DuplicateKeyError:
                return False
            return True
        known = {name: row[name] for name in ("full_at", "factor", "slowed_at")}
        written = await self._rows.update_one({"_id": _name(key), **known}, {"$set": fields})
        return bool(written.matched_count)


_WITH_NOW = {
    **dict.fromkeys(("messages", "per_ms", "full_at", "factor", "slowed_at", "made"), 1),
    "now": "$$NOW",
}


def _bucket(row: Mapping[str, Any] | None, limit: Limit | None) -> Bucket | None:
    """As it is kept, by what is allowed now: settings may have changed since."""
    if row is None:
        return None if limit is None else Bucket(reckoned(limit))
    if limit is None and not row["made"]:
        return None
    kept = Limit(row["messages"], timedelta(milliseconds=row["per_ms"]))
    allowed = kept if limit is None else reckoned(limit)
    return Bucket(allowed, row["full_at"], row["factor"], row["slowed_at"])


def _late(limit: Limit | None, bucket: Bucket) -> int:
    return grace(limit or bucket.limit) // timedelta(microseconds=1) * 1000


def _name(key: Key) -> str:
    return f"{key.scope}:{key.name}"


def _nanoseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000) * (SECOND // 1000)
