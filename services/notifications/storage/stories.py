"""What was told of each booking, one document each."""

from __future__ import annotations

from services.notifications.domain.recipient_card import Recipient
from services.notifications.domain.story import Story
from services.notifications.storage.documents import story_from_document, story_to_document
from services.notifications.storage.indexes import BOOKINGS
from services.notifications.storage.visible import visible
from shared.kernel.actor import Actor
from shared.mongo.client import Database, Session


class MongoStories:
    """Two events of one booking at once collide in their transactions, and one tries again."""

    def __init__(self, database: Database) -> None:
        self._bookings = database[BOOKINGS]

    async def find(self, session: Session | None, booking_id: str, *, by: Actor) -> Story | None:
        """The story so far."""
        found = await self._bookings.find_one({"_id": booking_id, **visible(by)}, session=session)
        return story_from_document(found) if found else None

    async def keep(self, session: Session, story: Story) -> None:
        """With one event more than before."""
        document = story_to_document(story)
        await self._bookings.replace_one(
            {"_id": story.booking_id}, document, upsert=True, session=session
        )

    async def forget(self, session: Session, recipient: Recipient) -> None:
        """The bookings of somebody who is forgotten."""
        await self._bookings.delete_many({"recipient": recipient.key}, session=session)
