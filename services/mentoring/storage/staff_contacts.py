"""Which members of the staff left an address of their own. The address itself is notifications'."""

from __future__ import annotations

from collections.abc import Sequence

from services.mentoring.domain.ids import Username
from shared.kernel.actor import Actor
from shared.mongo.client import Database

STAFF_CONTACTS = "staff_contacts"


class MongoStaffContacts:
    """`_id` is the username; `roles` are those that somebody had when they left the address."""

    def __init__(self, database: Database) -> None:
        self._contacts = database[STAFF_CONTACTS]

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
