"""All stores of one database, and the way to a transaction."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from services.notifications.storage.cards import MongoCards
from services.notifications.storage.deliveries import MongoDeliveries
from services.notifications.storage.indexes import ensure_indexes
from services.notifications.storage.messages import MongoMessages
from services.notifications.storage.offers import MongoOffers
from services.notifications.storage.reminders import MongoReminders
from services.notifications.storage.replies import MongoReplies
from services.notifications.storage.stories import MongoStories
from shared.delivery.indexes import ensure_delivery_indexes
from shared.mongo.client import Database, Session
from shared.mongo.transactions import transact
from shared.privacy.reads import MongoReads
from shared.privacy.vault import Vault

T = TypeVar("T")


class Stores:
    """One of each."""

    def __init__(self, database: Database, keys: Database, vault: Vault) -> None:
        self.database, self._keys = database, keys
        self.cards = MongoCards(database, vault)
        self.stories = MongoStories(database)
        self.messages = MongoMessages(database)
        self.deliveries = MongoDeliveries(database)
        self.reminders = MongoReminders(database)
        self.offers = MongoOffers(database)
        self.replies = MongoReplies(database)
        self.reads = MongoReads(database)

    async def transact(self, work: Callable[[Session], Awaitable[T]]) -> T:
        """See `shared.mongo.transactions`."""
        return await transact(self.database.client, work)

    async def ensure_indexes(self) -> None:
        """Before the first request or event."""
        await ensure_delivery_indexes(self.database)
        await ensure_indexes(self.database)

    def close(self) -> None:
        """Let go of both databases."""
        self.database.client.close()
        self._keys.client.close()
