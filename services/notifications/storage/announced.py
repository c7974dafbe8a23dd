"""Which sealing key was announced when, and how often: the sequence of those announcements."""

from __future__ import annotations

from datetime import timedelta

from services.notifications.storage.indexes import ANNOUNCED
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.mongo.client import Database, Session

_EVERY = timedelta(days=1)


class MongoAnnounced:
    """One document; real time."""

    def __init__(self, database: Database) -> None:
        self._row = database[ANNOUNCED]

    async def next(
        self,
        session: Session,
        key_id: str,
        *,
        always: bool,
        by: Actor,  # noqa: ARG002
    ) -> int | None:
        """The next number, or None if this key was announced within a day."""
        last = await self._row.find_one({"_id": "sealing-key"}, session=session)
        now = real_now()
        if last and not always and last["key_id"] == key_id and last["at"] > now - _EVERY:
            return None
        sequence = int(last["sequence"]) + 1 if last else 1
        await self._row.replace_one(
            {"_id": "sealing-key"},
            {"key_id": key_id, "sequence": sequence, "at": now},
            upsert=True,
            session=session,
        )
        return sequence
