"""Tell the others our public sealing key: at start, when it is a new one, and once a day."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from services.notifications.storage.announced import MongoAnnounced
from shared.contracts.cards import NotificationsSealingKeyAnnounced
from shared.contracts.event import News
from shared.house.ground import Ground
from shared.kernel.actor import housekeeping
from shared.mongo.client import Session
from shared.privacy.sealing import SealingKeys

SUBJECT = "notifications"
_BY = housekeeping("announce-sealing-key")


@dataclass(frozen=True, slots=True)
class AnnounceSealingKey:
    """Whoever tells us of people needs it before they can seal a card."""

    keys: SealingKeys
    announced: MongoAnnounced
    ground: Ground

    async def __call__(self, *, at_start: bool = False) -> bool:
        """Announce this week's key if it is time; whether it was."""
        key = await self.keys.ensure()
        await self.keys.destroy_old()

        async def work(session: Session) -> bool:
            sequence = await self.announced.next(session, key.key_id, always=at_start, by=_BY)
            if sequence is None:
                return False
            data = NotificationsSealingKeyAnnounced(
                key_id=key.key_id,
                public_key=base64.b64encode(key.public).decode(),
                made_at=key.made_at,
            )
            await self.ground.outbox.tell(session, News(data, subject=SUBJECT, sequence=sequence))
            return True

        return await self.ground.transact(work)
