"""The queue of single letters. Rows move by conditional writes: several workers may share it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from pymongo import ReturnDocument

from services.publishing.domain.letter import Letter, State
from services.publishing.storage.subscriber_indexes import LETTERS
from shared.kernel.actor import Actor
from shared.mongo.client import Database, Document, Session

_FIELDS = tuple(each.name for each in fields(Letter) if each.name != "id")


class MongoLetters:
    """They hold ids and facts: no address, and no word of what is written."""

    def __init__(self, database: Database) -> None:
        self._rows = database[LETTERS]

    async def add(self, session: Session, letters: Sequence[Letter]) -> None:
        """To be sent when they are due. None, no write."""
        if letters:
            await self._rows.insert_many([_document(each) for each in letters], session=session)

    async def claim(
        self,
        due: datetime,
        real: datetime,
        lease: timedelta,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Letter | None:
        """Take the one that is due longest, as `sending`; None when there is none.

        `due` is by the domain's clock, `real` and the lease by the machine's.
        """
        taken = await self._rows.find_one_and_update(
            {"state": "queued", "due_at": {"$lte": due}},
            {
                "$set": {"state": "sending", "lease_until": real + lease},
                "$inc": {"attempt": 1, "version": 1},
            },
            sort=[("due_at", 1)],
            return_document=ReturnDocument.AFTER,
        )
        return _letter(taken) if taken else None

    async def move(
        self,
        letter: Letter,
        to: State,
        session: Session | None = None,
        *,
        by: Actor,  # noqa: ARG002
        **more: Any,
    ) -> Letter | None:
        """Move it on from where it stood; None if it stands elsewhere meanwhile."""
        moved = await self._rows.find_one_and_update(
            {"_id": letter.id, "version": letter.version},
            {
                "$set": {"state": to, **more},
                "$inc": {"version": 1},
                "$unset": {"lease_until": ""},
            },
            session=session,
            return_document=ReturnDocument.AFTER,
        )
        return _letter(moved) if moved else None

    async def left_in_hand(self, real: datetime, *, by: Actor) -> int:  # noqa: ARG002 - a number
        """Whoever had them is gone, and nobody knows whether they left: uncertain. How many."""
        found = await self._rows.update_many(
            {"state": "sending", "lease_until": {"$lte": real}},
            {
                "$set": {"state": "uncertain", "why": "lease-ran-out"},
                "$inc": {"version": 1},
                "$unset": {"lease_until": ""},
            },
        )
        return found.modified_count

    async def find(
        self,
        letter_id: str,
        session: Session | None = None,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Letter | None:
        """One of them, or None."""
        found = await self._rows.find_one({"_id": letter_id}, session=session)
        return _letter(found) if found else None

    async def standing(
        self,
        state: State,
        *,
        limit: int,
        offset: int,
        by: Actor,  # noqa: ARG002
    ) -> tuple[list[Letter], int]:
        """Those in a state, the longest due first, and how many there are."""
        rows = self._rows.find({"state": state}).sort([("due_at", 1), ("_id", 1)])
        page = [_letter(row) async for row in rows.skip(offset).limit(limit)]
        return page, await self._rows.count_documents({"state": state})


def _document(one: Letter) -> Document:
    told = {name: getattr(one, name) for name in _FIELDS}
    return {"_id": one.id, **told, "facts": dict(one.facts)}


def _letter(row: Document) -> Letter:
    return Letter(id=row["_id"], **{name: row[name] for name in _FIELDS})
