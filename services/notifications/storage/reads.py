"""Who read whose addresses: written before the answer leaves."""

from __future__ import annotations

from services.notifications.domain.recipient_card import Recipient
from services.notifications.storage.indexes import READS
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.mongo.client import Database


class MongoReads:
    """Only ever added to."""

    def __init__(self, database: Database) -> None:
        self._reads = database[READS]

    async def note(self, actor: Actor, recipient: Recipient) -> None:
        """Durable (written to the majority) when this returns."""
        await self._reads.insert_one(
            {
                "_id": new_id(),
                "actor": actor.id,
                "roles": sorted(actor.roles),
                "recipient": recipient.key,
                "at": real_now(),
            }
        )
