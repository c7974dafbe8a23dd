"""What a webhook is asked to do besides, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from services.publishing.feeds.storage.webhook_documents import Errand, errand_of
from services.publishing.storage.feed_indexes import ERRANDS
from shared.kernel.clock import real_now
from shared.kernel.refusal import NotFound
from shared.mongo.client import Database, Session

_AT_ONCE = 100


class Errands:
    """Asked by partners and staff, done by whoever has the webhook."""

    def __init__(self, database: Database) -> None:
        self._errands = database[ERRANDS]

    async def ask(self, session: Session, errand: Errand) -> None:
        """Whoever has the webhook does it."""
        row = {
            "_id": errand.id,
            "webhook": errand.webhook,
            "kind": errand.kind,
            "event_id": errand.event_id,
            "after": errand.after,
            "state": errand.state,
            "status": 0,
            "why": "",
            "at": real_now(),
        }
        await self._errands.insert_one(row, session=session)

    async def waiting(self, webhooks: Sequence[str]) -> list[Errand]:
        """What these are asked to do, oldest first."""
        asked = {"state": "waiting", "webhook": {"$in": list(webhooks)}}
        rows = await self._errands.find(asked).sort("_id", 1).limit(_AT_ONCE).to_list(None)
        return [errand_of(row) for row in rows]

    async def one(self, errand_id: str, webhook_id: str) -> Errand:
        """One, with what became of it. Raises NotFound."""
        row = await self._errands.find_one({"_id": errand_id, "webhook": webhook_id})
        if row is None:
            raise NotFound
        return errand_of(row)

    async def done(self, errand_id: str, *, status: int, why: str) -> None:
        """What became of an errand."""
        result = {"state": "done", "status": status, "why": why}
        await self._errands.update_one({"_id": errand_id}, {"$set": result})
