"""One at a time, by a row that says until when. Two at once must be harmless; this saves work."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog
from pymongo import ReturnDocument, WriteConcern
from pymongo.errors import DuplicateKeyError, PyMongoError

from shared.delivery.indexes import LEASES
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.mongo.client import Database

log = structlog.get_logger(__name__)


class Lease:
    """Held for `seconds` after it was last asked for; measured in real time."""

    def __init__(self, database: Database, name: str, *, seconds: float = 3.0) -> None:
        # Not worth a majority: a lease lost in a fail-over means double work, not a double effect.
        self._rows = database.get_collection(LEASES, write_concern=WriteConcern(1))
        self._name = name
        self._holder = new_id()
        self._length = timedelta(seconds=seconds)
        self._ours_until: datetime | None = None
        self._theirs_until: datetime | None = None
        self._renewing: asyncio.Task[None] | None = None

    async def held(self) -> bool:
        """Whether it is ours now: kept, or taken over. Waits for the database only to get it.

        What is ours is renewed beside the caller's work, which would be late for it.
        """
        now = real_now()
        if self._ours_until is not None and self._ours_until > now:
            if self._ours_until - now < self._length / 2 and self._renewing is None:
                self._renewing = asyncio.create_task(self._renew())
            return True
        if self._theirs_until is not None and self._theirs_until > now:
            return False
        return await self._ask(now)

    async def _renew(self) -> None:
        try:
            await self._ask(real_now())
        except PyMongoError as error:
            log.warning("lease_not_renewed", kind=type(error).__name__)
        finally:
            self._renewing = None

    async def _ask(self, now: datetime) -> bool:
        until = now + self._length
        free = {"_id": self._name, "$or": [{"holder": self._holder}, {"until": {"$lte": now}}]}
        try:
            await self._rows.find_one_and_update(
                free,
                {"$set": {"holder": self._holder, "until": until}},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:
            held = await self._rows.find_one({"_id": self._name})
            self._ours_until = None
            self._theirs_until = None if held is None else held["until"]
            return False
        self._ours_until, self._theirs_until = until, None
        return True

    async def give_back(self) -> None:
        """Let the next one have it at once."""
        if self._renewing is not None:
            await asyncio.wait({self._renewing})
        self._ours_until = None
        await self._rows.delete_one({"_id": self._name, "holder": self._holder})
