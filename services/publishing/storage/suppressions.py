"""Addresses that are not written to, by fingerprint. A row outlives whoever it is about.

Whoever has the address is told to mailers at work, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from services.publishing.domain.leaving import Left
from services.publishing.domain.suppression import Cause, Suppression
from services.publishing.storage.leavings import MongoLeavings
from services.publishing.storage.subscriber_indexes import SUBSCRIBERS, SUPPRESSIONS
from shared.kernel.actor import Actor
from shared.mongo.client import Database, Session


class MongoSuppressions:
    """`_id` is the fingerprint; under `causes` each cause with since when."""

    def __init__(self, database: Database, leavings: MongoLeavings) -> None:
        self._rows, self._subscribers = database[SUPPRESSIONS], database[SUBSCRIBERS]
        self._leavings = leavings

    async def add(self, session: Session, one: Suppression) -> None:
        """Again is harmless: the first time counts."""
        await self._rows.update_one(
            {"_id": one.fingerprint},
            [{"$set": {f"causes.{one.cause}": {"$ifNull": [f"$causes.{one.cause}", one.since]}}}],
            upsert=True,
            session=session,
        )
        whose = {"blind": one.fingerprint}
        found = await self._subscribers.find_one(whose, {"_id": 1}, session=session)
        if found is not None:
            left = Left(found["_id"].as_uuid(), None, one.cause)
            await self._leavings.add(session, [left])

    async def lift(self, session: Session, fingerprint: str, cause: Cause) -> None:
        """One cause alone; `domain.suppression` says which, and by whom."""
        held = await self._rows.find_one_and_update(
            {"_id": fingerprint},
            {"$unset": {f"causes.{cause}": ""}},
            session=session,
            return_document=True,
        )
        if held is not None and not held["causes"]:
            await self._rows.delete_one({"_id": fingerprint}, session=session)

    async def causes(
        self,
        fingerprints: Collection[str],
        session: Session | None = None,
        *,
        by: Actor,  # noqa: ARG002 - whoever knows the address may know that it is not written to
    ) -> Mapping[str, frozenset[Cause]]:
        """Why each of them is not written to; who is not in the answer may be."""
        if not fingerprints:
            return {}
        rows = self._rows.find({"_id": {"$in": list(fingerprints)}}, session=session)
        return {row["_id"]: frozenset(row["causes"]) async for row in rows}

    async def count(self, cause: Cause, *, by: Actor) -> int:  # noqa: ARG002 - a number
        """How many addresses are stopped for this."""
        return await self._rows.count_documents({f"causes.{cause}": {"$exists": True}})
