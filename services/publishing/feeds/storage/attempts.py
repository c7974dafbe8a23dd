"""Every call to a webhook and what came back, kept for 30 days."""

from __future__ import annotations

from collections.abc import Sequence

from pymongo import DESCENDING
from pymongo.errors import BulkWriteError

from services.publishing.feeds.storage.webhook_documents import (
    Attempt,
    attempt_document,
    attempt_of,
)
from services.publishing.storage.feed_indexes import ATTEMPTS
from shared.mongo.client import Database, Document

_THERE_ALREADY = 11000


class Attempts:
    """Written by senders, read by partners and staff."""

    def __init__(self, database: Database) -> None:
        self._attempts = database[ATTEMPTS]

    async def note(self, attempts: Sequence[Attempt]) -> None:
        """Tries, as they were. Those that are there already stay as they are."""
        if not attempts:
            return
        rows = [attempt_document(one) for one in attempts]
        try:
            await self._attempts.insert_many(rows, ordered=False)
        except BulkWriteError as error:
            faults = (error.details or {}).get("writeErrors", ())
            if not faults or any(one["code"] != _THERE_ALREADY for one in faults):
                raise

    async def page(
        self, webhook_id: str, *, limit: int, offset: int = 0, event_id: str | None = None
    ) -> list[Attempt]:
        """The newest first; of one entry only, if it is named."""
        asked = _asked(webhook_id, event_id)
        found = self._attempts.find(asked).sort("_id", DESCENDING).skip(offset).limit(limit)
        return [attempt_of(row) for row in await found.to_list(None)]

    async def count(self, webhook_id: str, *, event_id: str | None = None) -> int:
        """How many there are."""
        return int(await self._attempts.count_documents(_asked(webhook_id, event_id)))


def _asked(webhook_id: str, event_id: str | None) -> Document:
    return {"webhook": webhook_id} | ({} if event_id is None else {"event_id": event_id})
