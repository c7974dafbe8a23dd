"""Links that were given to referrers: the hash of the secret, never the secret."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.mentoring.use_cases.give_referral_link import LINKS, ReferralLink
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.mongo.client import Database, Document


class MongoReferralLinks:
    """See the port in `use_cases.give_referral_link`."""

    def __init__(self, database: Database) -> None:
        self._links = database[LINKS]

    async def by_hash(self, hashed: str, *, by: Actor) -> ReferralLink:  # noqa: ARG002
        """See the port."""
        found = await self._links.find_one({"hash": hashed, "revoked_at": None})
        if found is None:
            raise NotFound
        return _link(found)

    async def all(
        self,
        *,
        by: Actor,  # noqa: ARG002
        limit: int,
        offset: int,
    ) -> tuple[Sequence[ReferralLink], int]:
        """See the port."""
        total = await self._links.count_documents({})
        found = self._links.find({}).sort("_id", -1).skip(offset).limit(limit)
        return [_link(each) async for each in found], total

    async def revoke(self, link_id: str, at: datetime, *, by: Actor) -> None:  # noqa: ARG002
        """See the port."""
        found = await self._links.update_one({"_id": link_id}, {"$set": {"revoked_at": at}})
        if not found.matched_count:
            raise NotFound


def _link(document: Document) -> ReferralLink:
    return ReferralLink(
        document["_id"],
        document["kind"],
        document["label"],
        document["made_by"],
        document["made_at"],
        document["revoked_at"],
    )
