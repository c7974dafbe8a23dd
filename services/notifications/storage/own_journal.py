"""What notifications adds to the journal of a subject: its messages, and each delivery's steps."""

from __future__ import annotations

from collections.abc import Sequence

from services.notifications.storage.indexes import CARDS, DELIVERIES, MESSAGES
from services.notifications.storage.visible import visible
from shared.contracts.catalogue import SERVICES
from shared.delivery.journal import LONGEST, Entry
from shared.kernel.actor import Actor
from shared.mongo.client import Database


class OwnJournal:
    """Subject: what a message is about (a booking), or the message itself."""

    def __init__(self, database: Database) -> None:
        self._messages, self._deliveries = database[MESSAGES], database[DELIVERIES]
        self._cards = database[CARDS]

    async def hides(self, subject: str, *, by: Actor) -> bool:
        """Whether it is about a recipient of a source that the asker may not know of."""
        unseen = {"$nor": [visible(by)]}
        named = {"$or": [{"about": subject}, {"_id": subject}]}
        if await self._messages.find_one({"$and": [named, unseen]}, {"_id": 1}) is not None:
            return True
        cards = {"_id": {"$in": [f"{source}:{subject}" for source in SERVICES]}}
        hidden = {"$and": [cards, {"$nor": [visible(by, "_id")]}]}
        return await self._cards.find_one(hidden, {"_id": 1}) is not None

    async def __call__(self, subject: str, by: Actor) -> Sequence[Entry]:
        """In no particular order."""
        asked = {"$or": [{"about": subject}, {"_id": subject}], **visible(by)}
        messages = await self._messages.find(asked).limit(LONGEST).to_list(None)
        named = {row["_id"]: row["template"] for row in messages}
        rows = self._deliveries.find({"message_id": {"$in": list(named)}}).limit(LONGEST)
        steps = [
            Entry(
                at=step["at"],
                what="delivery",
                type=f"{row['channel']}:{named[row['message_id']]}",
                state=step["state"],
                subject=row["about"],
                event_id=row["_id"],
                sequence=row["attempt"],
                causation_id=row["message_id"],
            )
            async for row in rows
            for step in row["history"]
        ]
        return [*(_message(row) for row in messages), *steps]


def _message(row: dict[str, object]) -> Entry:
    return Entry.model_validate(
        {
            "at": row["created_at"],
            "what": "message",
            "type": row["template"],
            "state": row["state"],
            "subject": row["about"],
            "event_id": row["_id"],
            "sequence": row["sequence"],
            "correlation_id": row.get("correlation_id"),
            "causation_id": row["cause"],
            "ended_at": row.get("changed_at"),
        }
    )
