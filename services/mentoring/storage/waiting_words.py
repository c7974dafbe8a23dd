"""Referrals and questions that nobody has decided on: which are old, and that somebody was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.mentoring.use_cases.consult import CONSULTATIONS
from services.mentoring.use_cases.referrals import REFERRALS
from shared.contracts.event import News
from shared.house.ground import Ground
from shared.kernel.actor import Actor
from shared.mongo.client import Session

_UNDECIDED: Mapping[str, str] = {REFERRALS: "received", CONSULTATIONS: "open"}


class MongoWaitingWords:
    """See the port in `use_cases.tell_of_waiting`."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def told(
        self,
        before: datetime,
        step: int,
        news: Sequence[News],
        *,
        by: Actor,  # noqa: ARG002
    ) -> int:
        """See the port."""

        async def work(session: Session) -> int:
            marked = 0
            for name, state in _UNDECIDED.items():
                wanted = _waiting(state, before, step)
                rows = self._ground.database[name]
                # The version stays: whoever decides on it meanwhile has seen the same.
                done = await rows.update_many(wanted, {"$set": {"told_of": step}}, session=session)
                marked += int(done.modified_count)
            for each in news if marked else ():
                await self._ground.outbox.tell(session, each)
            return marked

        return await self._ground.transact(work)

    async def any_since(self, before: datetime, step: int, *, by: Actor) -> bool:  # noqa: ARG002
        """See the port."""
        for name, state in _UNDECIDED.items():
            rows = self._ground.database[name]
            if await rows.find_one(_waiting(state, before, step), {"_id": True}):
                return True
        return False


def _waiting(state: str, before: datetime, step: int) -> dict[str, Any]:
    return {"state": state, "received_at": {"$lt": before}, "told_of": {"$not": {"$gte": step}}}
