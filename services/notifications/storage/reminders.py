"""Reminders: rows found by due time, with ids that follow from booking and kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pymongo import DeleteOne, ReplaceOne

from services.notifications.domain.recipient_card import Recipient
from services.notifications.domain.reminders import BEFORE, Reminder, reminder_id
from services.notifications.storage.documents import recipient_of
from services.notifications.storage.indexes import REMINDERS
from services.notifications.storage.visible import visible
from shared.kernel.actor import Actor
from shared.mongo.client import Database, Document, Session


class MongoReminders:
    """States: waiting, then sent, stale or superseded."""

    def __init__(self, database: Database) -> None:
        self._rows = database[REMINDERS]

    async def settle(
        self, session: Session, recipient: Recipient, booking_id: str, planned: Sequence[Reminder]
    ) -> None:
        """Exactly the planned ones are to come. One that went out for the same start stays gone."""
        ids = [reminder_id(booking_id, kind) for kind in BEFORE]
        standing = {
            row["_id"]: row async for row in self._rows.find({"_id": {"$in": ids}}, session=session)
        }
        wanted = {reminder.id: reminder for reminder in planned}
        writes: list[ReplaceOne[Document] | DeleteOne] = [
            DeleteOne({"_id": known}) for known in standing if known not in wanted
        ]
        for reminder in planned:
            known = standing.get(reminder.id)
            if known and known["starts_at"] == reminder.starts_at:
                continue
            row = _row(recipient, reminder)
            writes.append(ReplaceOne({"_id": reminder.id}, row, upsert=True))
        if writes:
            await self._rows.bulk_write(writes, session=session)

    async def due(
        self, now: datetime, limit: int, *, by: Actor
    ) -> Sequence[tuple[Recipient, Reminder]]:
        """The longest due first."""
        asked = {"state": "waiting", "due_at": {"$lte": now}, **visible(by)}
        rows = self._rows.find(asked).sort("due_at", 1)
        return [
            (
                recipient_of(row["recipient"]),
                Reminder(row["booking_id"], row["kind"], row["due_at"], row["starts_at"]),
            )
            async for row in rows.limit(limit)
        ]

    async def take(self, session: Session, reminder: Reminder, state: str, *, by: Actor) -> bool:
        """Settle a waiting one; False if somebody else did, or it is for another start by now."""
        done = await self._rows.update_one(
            {
                "_id": reminder.id,
                "state": "waiting",
                "starts_at": reminder.starts_at,
                **visible(by),
            },
            {"$set": {"state": state}},
            session=session,
        )
        return done.modified_count == 1

    async def forget(self, session: Session, recipient: Recipient) -> None:
        """None for somebody who is forgotten."""
        await self._rows.delete_many({"recipient": recipient.key}, session=session)


def _row(recipient: Recipient, reminder: Reminder) -> Document:
    return {
        "recipient": recipient.key,
        "booking_id": reminder.booking_id,
        "kind": reminder.kind,
        "due_at": reminder.due_at,
        "starts_at": reminder.starts_at,
        "state": "waiting",
    }
