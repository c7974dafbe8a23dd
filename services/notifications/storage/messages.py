"""Messages: facts and states, never a text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.notifications.domain.message import Message, State
from services.notifications.domain.recipient_card import Recipient
from services.notifications.domain.reminders import BEFORE
from services.notifications.storage.documents import message_from_document, message_to_document
from services.notifications.storage.indexes import MESSAGES
from services.notifications.storage.visible import visible
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.mongo.client import Database, Document, Session


class MongoMessages:
    """One document each; its id follows from its cause."""

    def __init__(self, database: Database) -> None:
        self._messages = database[MESSAGES]

    async def add(self, session: Session, message: Message) -> None:
        """A new one."""
        await self._messages.insert_one(message_to_document(message), session=session)

    async def find(
        self, message_id: str, session: Session | None = None, *, by: Actor
    ) -> Message | None:
        """One of them, or None."""
        asked = {"_id": message_id, **visible(by)}
        found = await self._messages.find_one(asked, session=session)
        return message_from_document(found) if found else None

    async def waiting(
        self, session: Session, recipient: Recipient, *, by: Actor
    ) -> Sequence[Message]:
        """Those that wait for this recipient's card, oldest first."""
        wanted = {"recipient": recipient.key, "state": "waiting-for-card"}
        asked = {"$and": [wanted, visible(by)]}
        rows = self._messages.find(asked, session=session).sort("created_at", 1)
        return [message_from_document(row) async for row in rows]

    async def waited_since(self, before: datetime, limit: int, *, by: Actor) -> Sequence[Message]:
        """Those that have waited since before then."""
        asked = {"state": "waiting-for-card", "created_at": {"$lt": before}, **visible(by)}
        rows = self._messages.find(asked).sort("created_at", 1).limit(limit)
        return [message_from_document(row) async for row in rows]

    async def reminders(
        self, session: Session | None, about: str, *, by: Actor
    ) -> Sequence[Message]:
        """Those that reminded of a booking, or are to; by themselves, or because staff asked."""
        asked = {"about": about, "template": {"$in": list(BEFORE)}, **visible(by)}
        rows = self._messages.find(asked, session=session)
        return [message_from_document(row) async for row in rows]

    async def set_state(self, session: Session, message: Message, state: State) -> None:
        """Moved on; the version rises with each move."""
        await self._messages.update_one(
            {"_id": message.id},
            {"$set": {"state": state, "changed_at": real_now()}, "$inc": {"version": 1}},
            session=session,
        )

    async def forget(self, session: Session, recipient: Recipient) -> None:
        """Facts go; what was still to be sent will not be."""
        asked = {"recipient": recipient.key}
        await self._messages.update_many(
            {**asked, "state": {"$in": ["waiting-for-card", "ready"]}},
            {"$set": {"state": "superseded"}, "$inc": {"version": 1}},
            session=session,
        )
        await self._messages.update_many(asked, {"$set": {"facts": {}}}, session=session)

    async def listed(
        self,
        *,
        about: str | None,
        recipient: Recipient | None,
        limit: int,
        offset: int,
        by: Actor,
    ) -> tuple[list[Message], int]:
        """Newest first, and how many there are: about something, to somebody, both, or all."""
        wanted: Document = {"about": about, "recipient": recipient.key if recipient else None}
        asked = {name: value for name, value in wanted.items() if value is not None}
        return await self._page({"$and": [asked, visible(by)]}, limit, offset)

    async def inbox(
        self, recipient: Recipient, *, limit: int, offset: int, by: Actor
    ) -> tuple[list[Message], int]:
        """What this recipient was told, or is being told, newest first."""
        shown = {"$nin": ["superseded", "waiting-for-card"]}
        asked = {"recipient": recipient.key, "state": shown, "template": {"$ne": "help-reply"}}
        return await self._page({"$and": [asked, visible(by)]}, limit, offset)

    async def _page(self, asked: Document, limit: int, offset: int) -> tuple[list[Message], int]:
        rows = self._messages.find(asked).sort([("created_at", -1), ("_id", -1)])
        page = [message_from_document(row) async for row in rows.skip(offset).limit(limit)]
        return page, await self._messages.count_documents(asked)
