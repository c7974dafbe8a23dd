"""All stores of notifications' database."""

from __future__ import annotations

from dataclasses import dataclass

from services.notifications.storage.cards import MongoCards
from services.notifications.storage.changes import MongoChanges
from services.notifications.storage.deliveries import MongoDeliveries
from services.notifications.storage.holdings import MongoHoldings
from services.notifications.storage.messages import MongoMessages
from services.notifications.storage.offers import MongoOffers
from services.notifications.storage.reminders import MongoReminders
from services.notifications.storage.replies import MongoReplies
from services.notifications.storage.stories import MongoStories
from shared.mongo.client import Database
from shared.privacy.vault import Vault


@dataclass(frozen=True, slots=True)
class Stores:
    """One of each. Every read and change names on whose behalf it is made."""

    cards: MongoCards
    changes: MongoChanges
    deliveries: MongoDeliveries
    holdings: MongoHoldings
    messages: MongoMessages
    offers: MongoOffers
    reminders: MongoReminders
    replies: MongoReplies
    stories: MongoStories

    @classmethod
    def of(cls, database: Database, people: Vault) -> Stores:
        """Made once per process; cards are opened and sealed with `people`'s keys."""
        return cls(
            cards=MongoCards(database, people),
            changes=MongoChanges(database),
            deliveries=MongoDeliveries(database),
            holdings=MongoHoldings(database),
            messages=MongoMessages(database),
            offers=MongoOffers(database),
            reminders=MongoReminders(database),
            replies=MongoReplies(database),
            stories=MongoStories(database),
        )
