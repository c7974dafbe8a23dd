"""Bounces that nobody has counted yet: owed by ledgers, then a row each until they are counted."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bson.binary import Binary
from pymongo import ReplaceOne

from services.publishing.domain.bounce_score import Owing, Refused
from services.publishing.domain.recipients import Row, mailing_key, recipient_id
from services.publishing.storage.batch_documents import LEASE, claimed_of, free
from services.publishing.storage.batch_documents import key as key_of_batch
from services.publishing.storage.subscriber_documents import key
from shared.kernel.actor import Actor
from shared.mongo.client import Database, Document, Session

BATCHES, REFUSALS = "batches", "refusals"


class MongoRefusals:
    """A row per recipient whose letter failed; the reader takes it away when it has counted."""

    def __init__(self, database: Database) -> None:
        self._rows, self._batches = database[REFUSALS], database[BATCHES]

    async def owed(
        self,
        limit: int,
        now: datetime,
        *,
        by: Actor,  # noqa: ARG002 - ids
    ) -> Sequence[Owing]:
        """Some batches that nobody is at work on, with the bounces that they owe."""
        rows = self._batches.find({"owes": True, "$expr": free(LEASE)}).limit(limit)
        return [_owing(row, now) async for row in rows]

    async def put_down(self, session: Session, owing: Owing) -> None:
        """Its bounces as rows, and no more owed; nothing when it is not as it was read any more."""
        asked: Document = {
            "_id": key_of_batch(owing.mailing_id, owing.number),
            "version": owing.version,
            "$expr": free(LEASE),
        }
        # Without an owner: one that comes back late is fenced off, and owes nothing twice.
        change: Document = {"owner": None, "owed": [], "owes": False, "version": owing.version + 1}
        done = await self._batches.update_one(asked, {"$set": change}, session=session)
        if not done.matched_count:
            return
        rows = [_row(one, owing.mailing_id) for one in owing.refused]
        writes = [ReplaceOne({"_id": row["_id"]}, row, upsert=True) for row in rows]
        await self._rows.bulk_write(writes, ordered=False, session=session)

    async def waiting(self, limit: int, *, by: Actor) -> Sequence[Refused]:  # noqa: ARG002 - ids
        """Some that nobody has counted yet, the oldest first."""
        rows = self._rows.find({}).sort("at", 1).limit(limit)
        return [
            Refused(row["_id"].as_uuid(), row["subscriber"].as_uuid(), row["kind"], row["at"])
            async for row in rows
        ]

    async def counted(self, session: Session, recipient: uuid.UUID) -> None:
        """Take it away, in the transaction that counts it."""
        await self._rows.delete_one({"_id": Binary.from_uuid(recipient)}, session=session)


def _owing(row: Mapping[str, Any], now: datetime) -> Owing:
    claimed = claimed_of(row)
    mailing = mailing_key(claimed.mailing_id)
    refused = [
        Refused(
            recipient_id(Row(mailing, claimed.number, index)),
            uuid.UUID(bytes=claimed.people[index]),
            kind,
            now,
        )
        for index, kind in claimed.page.owed.items()
    ]
    return Owing(claimed.mailing_id, claimed.number, claimed.version, refused)


def _row(one: Refused, mailing_id: str) -> Document:
    return {
        "_id": Binary.from_uuid(one.recipient),
        "subscriber": key(one.subscriber),
        "mailing": mailing_id,
        "kind": one.kind,
        "at": one.at,
    }
