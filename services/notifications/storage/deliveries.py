"""The delivery queue: one collection, one truth per SMS."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from services.notifications.domain.channel_plan import Channel
from services.notifications.domain.delivery import IN_HAND, Delivery, State
from services.notifications.domain.recipient_card import Card, Recipient
from services.notifications.storage.documents import (
    delivery_from_document,
    delivery_to_document,
)
from services.notifications.storage.indexes import DELIVERIES
from services.notifications.storage.visible import visible
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.mongo.client import Database, Document, Session


class MongoDeliveries:
    """Rows are moved by conditional writes only, so that several workers may share the queue."""

    def __init__(self, database: Database) -> None:
        self._rows = database[DELIVERIES]

    async def add(self, session: Session, rows: Sequence[Delivery]) -> None:
        """New rows. None, no write."""
        if rows:
            documents = [delivery_to_document(row) for row in rows]
            await self._rows.insert_many(documents, session=session)

    async def find(
        self, delivery_id: str, session: Session | None = None, *, by: Actor
    ) -> Delivery | None:
        """One of them, or None."""
        asked = {"_id": delivery_id, **visible(by)}
        found = await self._rows.find_one(asked, session=session)
        return delivery_from_document(found) if found else None

    async def of(
        self, message_id: str, session: Session | None = None, *, by: Actor
    ) -> Sequence[Delivery]:
        """A message's deliveries."""
        rows = self._rows.find({"message_id": message_id, **visible(by)}, session=session)
        return [delivery_from_document(row) async for row in rows]

    async def move(
        self,
        delivery_id: str,
        to: State,
        *,
        since: Collection[State],
        by: Actor,
        session: Session | None = None,
        attempt: int | None = None,
        **fields: Any,
    ) -> Delivery | None:
        """Move a row on if it is in one of the states `since` (and at this attempt), else None.

        A row that is no longer in hand lets go of its number.
        """
        asked: Document = {"_id": delivery_id, "state": {"$in": list(since)}, **visible(by)}
        if attempt is not None:
            asked["attempt"] = attempt
        change: Document = {
            "$set": {"state": to, **fields},
            "$inc": {"version": 1},
            "$push": {"history": {"state": to, "at": real_now()}},
        }
        if to not in IN_HAND:
            change["$unset"] = {"holds": "", "lease_until": ""}
        moved = await self._rows.find_one_and_update(
            asked, change, session=session, return_document=ReturnDocument.AFTER
        )
        return delivery_from_document(moved) if moved else None

    async def claim(
        self,
        channel: Channel,
        real: datetime,
        domain: datetime,
        lease: timedelta,
        busy: Collection[str],
        *,
        by: Actor,
    ) -> Delivery | None:
        """Take the longest due row, as `sending`, under a lease; None when nothing can be taken.

        `busy` numbers are passed over; one that another worker holds is found out by the index.
        """
        passed_over = set(busy)
        while True:
            asked = {
                "state": "queued",
                "channel": channel,
                "due_at": {"$lte": real},
                "not_before": {"$lte": domain},
                "number": {"$nin": sorted(passed_over)},
                **visible(by),
            }
            try:
                taken = await self._rows.find_one_and_update(
                    asked,
                    _taken(real, real + lease),
                    sort=[("due_at", 1)],
                    return_document=ReturnDocument.AFTER,
                )
            except DuplicateKeyError as error:
                passed_over.add((error.details or {})["keyValue"]["holds"])
                continue
            return delivery_from_document(taken) if taken else None

    async def claim_unresolved(
        self, real: datetime, hold: timedelta, *, by: Actor
    ) -> Delivery | None:
        """Take one whose fate is open and that is due to be looked into.

        Nobody else will for `hold`. A `sending` row counts from when its lease ran out.
        """
        asked = {
            "$or": [
                {"state": "unresolved", "due_at": {"$lte": real}},
                {"state": "sending", "lease_until": {"$lte": real}},
            ],
            **visible(by),
        }
        change: list[Document] = [
            {
                "$set": {
                    "history": {
                        "$cond": [
                            {"$eq": ["$state", "sending"]},
                            {"$concatArrays": ["$history", [{"state": "unresolved", "at": real}]]},
                            "$history",
                        ]
                    },
                    "state": "unresolved",
                    "due_at": real + hold,
                    "version": {"$add": ["$version", 1]},
                }
            },
            {"$unset": ["lease_until"]},
        ]
        taken = await self._rows.find_one_and_update(
            asked, change, sort=[("due_at", 1)], return_document=ReturnDocument.AFTER
        )
        return delivery_from_document(taken) if taken else None

    async def name_it(self, session: Session, delivery_id: str, provider_id: str) -> None:
        """The provider's id of a row that a report has moved on already."""
        await self._rows.update_one(
            {"_id": delivery_id, "provider_id": None},
            {"$set": {"provider_id": provider_id}},
            session=session,
        )

    async def claimed(self, provider_ids: Collection[str], *, by: Actor) -> frozenset[str]:
        """Those provider ids that belong to a delivery already."""
        if not provider_ids:
            return frozenset()
        asked = {"provider_id": {"$in": list(provider_ids)}, **visible(by)}
        return frozenset([row["provider_id"] async for row in self._rows.find(asked)])

    async def uncertain(self, *, limit: int, offset: int, by: Actor) -> tuple[list[Delivery], int]:
        """Those that wait for a person, the longest waiting first; and how many there are."""
        asked = {"state": "uncertain", **visible(by)}
        rows = self._rows.find(asked).sort([("due_at", 1), ("_id", 1)])
        page = [delivery_from_document(row) async for row in rows.skip(offset).limit(limit)]
        return page, await self._rows.count_documents(asked)

    async def withdraw(self, session: Session, message_id: str) -> None:
        """Take back what has not left the house."""
        await self._rows.update_many(
            {"message_id": message_id, "state": "queued"}, _withdrawn(), session=session
        )

    async def readdress(self, session: Session, card: Card) -> None:
        """A newer card has another number: what is still queued goes there."""
        await self._rows.update_many(
            {
                "recipient": card.recipient.key,
                "state": "queued",
                "channel": "sms",
                "number": {"$ne": card.number},
            },
            {"$set": {"number": card.number}},
            session=session,
        )

    async def forget(self, session: Session, recipient: Recipient) -> None:
        """No number's fingerprint stays, and nothing more is sent."""
        asked = {"recipient": recipient.key}
        await self._rows.update_many({**asked, "state": "queued"}, _withdrawn(), session=session)
        await self._rows.update_many(asked, {"$set": {"number": None}}, session=session)


def _taken(at: datetime, lease_until: datetime) -> list[Document]:
    return [
        {
            "$set": {
                "state": "sending",
                "holds": "$number",
                "lease_until": lease_until,
                "attempt": {"$add": ["$attempt", 1]},
                "attempt_at": at,
                "version": {"$add": ["$version", 1]},
                "history": {"$concatArrays": ["$history", [{"state": "sending", "at": at}]]},
            }
        }
    ]


def _withdrawn() -> Document:
    return {
        "$set": {"state": "superseded"},
        "$inc": {"version": 1},
        "$push": {"history": {"state": "superseded", "at": real_now()}},
    }
