"""Refusals at a server's door, put down by mailers for whoever keeps the scores of addresses."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from bson.binary import Binary
from pymongo import ReplaceOne

from services.publishing.domain.bounce_score import Refused
from services.publishing.domain.smtp_replies import Verdict
from services.publishing.storage.store_errors import as_store_errors
from services.publishing.storage.subscriber_documents import key
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.mongo.client import Database, Session

REFUSALS = "refusals"


class MongoRefusals:
    """A row per recipient that was refused; the reader takes it away when it has counted."""

    def __init__(self, database: Database) -> None:
        self._rows = database[REFUSALS]

    async def add(
        self, refused: Sequence[tuple[uuid.UUID, uuid.UUID, Verdict]], mailing_id: str
    ) -> None:
        """(recipient, subscriber, the server's no) of each; said again, the same rows."""
        now = real_now()
        rows = []
        for recipient, subscriber, verdict in refused:
            code = verdict.code
            row = {
                "_id": Binary.from_uuid(recipient),
                "subscriber": key(subscriber),
                "mailing": mailing_id,
                "kind": verdict.kind,
                "code": str(code) if code is not None else None,
                "at": now,
            }
            rows.append(ReplaceOne({"_id": row["_id"]}, row, upsert=True))
        with as_store_errors():
            await self._rows.bulk_write(rows, ordered=False)

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
