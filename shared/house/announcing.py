"""Tell the others a service's public sealing key: at start, when it is new, and once a day."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import timedelta

from shared.contracts.cards import SealingKeyAnnounced
from shared.contracts.event import News
from shared.house.ground import Ground
from shared.kernel.clock import real_now
from shared.mongo.client import Session
from shared.privacy.sealing import SealingKeys

ANNOUNCED = "announced"
_EVERY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class AnnounceSealingKey:
    """Whoever has something to say in confidence needs the key first. Real time, one document."""

    ground: Ground
    keys: SealingKeys
    contract: type[SealingKeyAnnounced]

    async def __call__(self, *, at_start: bool = False) -> bool:
        """Announce this week's key if it is time; whether it was."""
        key = await self.keys.ensure()
        await self.keys.destroy_old()

        async def work(session: Session) -> bool:
            sequence = await self._next(session, key.key_id, always=at_start)
            if sequence is None:
                return False
            data = self.contract(
                key_id=key.key_id,
                public_key=base64.b64encode(key.public).decode(),
                made_at=key.made_at,
            )
            news = News(data, subject=self.ground.service, sequence=sequence)
            await self.ground.outbox.tell(session, news)
            return True

        return await self.ground.transact(work)

    async def _next(self, session: Session, key_id: str, *, always: bool) -> int | None:
        """The number of this announcement, or None if the key was announced within a day."""
        row = self.ground.database[ANNOUNCED]
        last = await row.find_one({"_id": "sealing-key"}, session=session)
        now = real_now()
        if last and not always and last["key_id"] == key_id and last["at"] > now - _EVERY:
            return None
        sequence = int(last["sequence"]) + 1 if last else 1
        kept = {"key_id": key_id, "sequence": sequence, "at": now}
        await row.replace_one({"_id": "sealing-key"}, kept, upsert=True, session=session)
        return sequence
