"""What was taken out of the log: each entry keeps its id and its position, and loses its words.

Every emptying writes the log's counter, as every append does. So one that comes while an entry is
being written meets it, whichever of them is first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo import DESCENDING

from services.publishing.domain.newsletter import Because
from services.publishing.feeds.domain import entry as entries
from services.publishing.storage.feed_indexes import COUNTER, LOG, REDACTIONS
from shared.contracts.envelope import Envelope
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound
from shared.mongo.client import Database, Document, Session

_ALWAYS = 2**62


class Redactions:
    """Emptied in the caller's transaction, with who did it and why."""

    def __init__(self, database: Database) -> None:
        self._entries = database[LOG]
        self._counter = database[COUNTER]
        self._redactions = database[REDACTIONS]

    async def all_of(self, session: Session, subject: str, because: Because, *, by: Actor) -> int:
        """All that is told of a subject, also what is still to come; how many entries there were.

        For what is never told of again.
        """
        rows = await self._entries.find({"subject": subject}, session=session).to_list(None)
        await self._empty(session, rows)
        await self._note(session, subject, because, by, len(rows), upto=_ALWAYS)
        return len(rows)

    async def of(self, session: Session, about: str, because: Because, *, by: Actor) -> int:
        """One entry, by its event's id, or all that there is about a subject; how many.

        Of a subject, what is newer will be told; what is older and comes late will not.

        Raises:
            NotFound: there is nothing about it.
        """
        asked = {"$or": [{"event_id": about}, {"subject": about}]}
        rows = await self._entries.find(asked, session=session).to_list(None)
        if not rows:
            raise NotFound
        whole = any(row["subject"] == about for row in rows)
        upto = max(entries.sequence_of(bytes(row["body"])) for row in rows) if whole else 0
        await self._empty(session, rows)
        await self._note(session, about, because, by, len(rows), upto=upto)
        return len(rows)

    async def words_of(self, session: Session, subject: str, *, before: int = _ALWAYS) -> None:
        """Those that stand before a position: of a bulletin, which has its own record of why."""
        asked = {"subject": subject, "redacted": False, "_id": {"$lt": before}}
        await self._empty(session, await self._entries.find(asked, session=session).to_list(None))

    async def come_late(self, session: Session, told: Sequence[tuple[int, Envelope]]) -> None:
        """Empty those of these new entries (with position) that were taken out before they came."""
        subjects = sorted({one.subject for _, one in told})
        asked = {"about": {"$in": subjects}, "upto": {"$gt": 0}}
        found = await self._redactions.find(asked, session=session).to_list(None)
        if not found:
            return
        upto: dict[str, int] = {}
        for row in found:
            upto[row["about"]] = max(upto.get(row["about"], 0), row["upto"])
        late = [at for at, one in told if one.sequence <= upto.get(one.subject, 0)]
        rows = self._entries.find({"_id": {"$in": late}}, session=session)
        await self._empty(session, await rows.to_list(None))

    async def page(
        self,
        *,
        limit: int,
        offset: int,
        by: Actor,  # noqa: ARG002
    ) -> tuple[list[Document], int]:
        """What was taken out, by whom and why, newest first; and how many."""
        found = self._redactions.find({}).sort("_id", DESCENDING).skip(offset).limit(limit)
        return await found.to_list(None), await self._redactions.count_documents({})

    async def _empty(self, session: Session, rows: Sequence[Document]) -> None:
        change: Any = {"$inc": {"position": 0, "redactions": 1}}
        await self._counter.update_one({"_id": "log"}, change, upsert=True, session=session)
        for row in rows:
            emptied = {"body": entries.redacted_body(bytes(row["body"])), "redacted": True}
            await self._entries.update_one({"_id": row["_id"]}, {"$set": emptied}, session=session)

    async def _note(
        self, session: Session, about: str, because: Because, by: Actor, count: int, *, upto: int
    ) -> None:
        at: datetime = real_now()
        note = {"_id": new_id(), "about": about, "because": because, "by": by.id, "at": at}
        await self._redactions.insert_one({**note, "entries": count, "upto": upto}, session=session)
