"""Early warnings as documents, with what was decided, by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any, TypeVar

from pymongo import DESCENDING

from services.publishing.feeds.domain.bulletin import Bulletin, State, Warned
from services.publishing.storage.feed_indexes import BULLETINS
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.kernel.refusal import NotFound
from shared.mongo.client import Database, Document, Session
from shared.mongo.versioned import replace as replace_versioned

T = TypeVar("T")

SHOWN = ("text",)
"""What of a bulletin may point at somebody, whatever was looked for in it."""


class Bulletins:
    """A partner sees its own; editors see all, and leave a trace of it."""

    def __init__(self, database: Database) -> None:
        self._bulletins = database[BULLETINS]

    async def find(self, bulletin_id: str, *, by: Actor) -> Sealed[Bulletin]:  # noqa: ARG002
        """One bulletin. Raises NotFound."""
        row = await self._bulletins.find_one({"_id": bulletin_id})
        if row is None:
            raise NotFound
        return _sealed(_bulletin(row), [bulletin_id])

    async def of_partner(self, partner_id: str, *, limit: int, by: Actor) -> list[Bulletin]:  # noqa: ARG002
        """A partner's own, newest first: its own words."""
        found = self._bulletins.find({"partner_id": partner_id}).sort("_id", DESCENDING)
        return [_bulletin(row) for row in await found.limit(limit).to_list(None)]

    async def page(
        self,
        state: State | None,
        *,
        limit: int,
        offset: int,
        by: Actor,  # noqa: ARG002
    ) -> tuple[Sealed[list[Bulletin]], int]:
        """Newest first, and how many there are."""
        asked = {} if state is None else {"state": state}
        found = self._bulletins.find(asked).sort("_id", DESCENDING).skip(offset).limit(limit)
        page = [_bulletin(row) for row in await found.to_list(None)]
        total = await self._bulletins.count_documents(asked)
        return _sealed(page, [one.id for one in page]), total

    async def posted_since(self, partner_id: str, moment: datetime, *, by: Actor) -> int:  # noqa: ARG002
        """How many a partner has posted."""
        asked = {"partner_id": partner_id, "posted_at": {"$gt": moment}}
        return await self._bulletins.count_documents(asked)

    async def save(self, session: Session, one: Bulletin, *, by: Actor) -> Bulletin:
        """Write it if nobody else did since it was read; what was done is noted with it.

        Raises VersionConflict.
        """
        known = await self._bulletins.find_one({"_id": one.id}, {"history": 1}, session=session)
        note = {"did": one.state, "by": by.id, "at": real_now()}
        document = {**_document(one), "history": [*(known or {}).get("history", ()), note]}
        version = await replace_versioned(self._bulletins, document, one.version, session)
        return replace(one, version=version)

    async def history(self, bulletin_id: str, *, by: Actor) -> Sequence[Mapping[str, Any]]:  # noqa: ARG002
        """What was done to it, by whom, oldest first. Raises NotFound."""
        found = await self._bulletins.find_one({"_id": bulletin_id}, {"history": 1})
        if found is None:
            raise NotFound
        history: list[Mapping[str, Any]] = found.get("history", [])
        return history


def _sealed(content: T, subjects: Sequence[str]) -> Sealed[T]:
    return Sealed(content, subjects=subjects, fields=SHOWN)


def _document(one: Bulletin) -> Document:
    says = asdict(one.says) | {
        "begins": one.says.begins.isoformat(),
        "ends": one.says.ends.isoformat(),
    }
    return {
        "_id": one.id,
        "partner_id": one.partner_id,
        "says": says,
        "state": one.state,
        "posted_at": one.posted_at,
        "decided_at": one.decided_at,
        "decided_by": one.decided_by,
        "reason": one.reason,
        "edited": one.edited,
        "sequence": one.sequence,
    }


def _bulletin(row: Document) -> Bulletin:
    says = row["says"]
    dates = {name: date.fromisoformat(says[name]) for name in ("begins", "ends")}
    kept = {name: row[name] for name in row if name not in ("_id", "says", "history")}
    return Bulletin(id=row["_id"], says=Warned(**{**says, **dates}), **kept)
