"""Which members of the staff left an address of their own. The address itself is notifications'."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from services.mentoring.domain.ids import Username
from shared.house.ground import Ground
from shared.kernel.actor import Actor
from shared.mongo.client import Session

STAFF_CONTACTS = "staff_contacts"


class MongoStaffContacts:
    """`_id` is the username; `roles` are those that somebody had when they left the address."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._contacts = ground.database[STAFF_CONTACTS]

    async def reachable(
        self,
        usernames: Sequence[Username],
        *,
        by: Actor,  # noqa: ARG002
    ) -> Sequence[Username]:
        """See the port."""
        wanted = list(usernames)
        found = self._contacts.find(
            {"$or": [{"_id": {"$in": wanted}}, {"roles": {"$in": wanted}}]}, {"_id": 1}
        )
        return [Username(each["_id"]) async for each in found]

    async def leave(
        self,
        username: str,
        roles: Sequence[str],
        tell: Any,
        *,
        by: Actor,  # noqa: ARG002
        once: Any,
    ) -> Any:
        """See the port."""
        key, answer = once

        async def work(session: Session) -> None:
            found = await self._contacts.find_one_and_update(
                {"_id": username},
                {"$set": {"roles": list(roles)}, "$inc": {"revision": 1}},
                upsert=True,
                return_document=True,
                session=session,
            )
            await self._ground.outbox.tell(session, await tell(int(found["revision"])))
            await self._ground.once.record(session, key, answer)

        async def attempt() -> Any:
            await self._ground.transact(work)
            return answer

        return await self._ground.once.once(key, attempt)
