"""How much there is of a recipient, by collection: what a receipt of forgetting says."""

from __future__ import annotations

from collections.abc import Mapping

from services.notifications.domain.recipient_card import Recipient
from services.notifications.storage.indexes import (
    BOOKINGS,
    CARDS,
    DELIVERIES,
    MESSAGES,
    OFFERS,
    REMINDERS,
)
from shared.kernel.actor import Actor
from shared.mongo.client import Database, Session

_BY_RECIPIENT = (MESSAGES, DELIVERIES, BOOKINGS, REMINDERS, OFFERS)


class MongoHoldings:
    """Counts, in the transaction that forgets."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(
        self,
        session: Session,
        recipient: Recipient,
        *,
        by: Actor,  # noqa: ARG002 - an event asks, and it sees all
    ) -> Mapping[str, int]:
        """Rows that are about this recipient; collections without any are left out."""
        counted = {
            name: await self._database[name].count_documents(
                {"recipient": recipient.key}, session=session
            )
            for name in _BY_RECIPIENT
        }
        card = {"_id": recipient.key, "cipher": {"$exists": True}}
        counted[CARDS] = await self._database[CARDS].count_documents(card, session=session)
        return {name: count for name, count in counted.items() if count}
