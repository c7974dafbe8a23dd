"""Links that were given to referrers: the hash of the secret, never the secret.

To whom is sealed under a key of the link's own: a parent's link is called by a child's name.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.mentoring.use_cases.give_referral_link import LINKS, ReferralLink
from services.mentoring.use_cases.ports import Document as Written
from shared.audit.sealed import Sealed
from shared.house.ground import Ground
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.mongo.client import Document


class MongoReferralLinks:
    """See the port in `use_cases.give_referral_link`."""

    def __init__(self, ground: Ground) -> None:
        self._links, self._people = ground.database[LINKS], ground.people

    async def document(self, link: ReferralLink, hashed: str, *, by: Actor) -> Written:  # noqa: ARG002
        """See the port."""
        await self._people.new_person(link.id)
        words = await self._people.seal(link.id, {"label": link.label}, record=_place(link.id))
        return {
            "_id": link.id,
            "kind": link.kind,
            "words": words,
            "hash": hashed,
            "made_by": link.made_by,
            "made_at": link.made_at,
            "revoked_at": None,
        }

    async def by_hash(self, hashed: str, *, by: Actor) -> ReferralLink:  # noqa: ARG002
        """See the port."""
        found = await self._links.find_one({"hash": hashed, "revoked_at": None})
        if found is None:
            raise NotFound
        return _link(found, "")

    async def all(
        self,
        *,
        by: Actor,  # noqa: ARG002
        limit: int,
        offset: int,
    ) -> Sealed[tuple[Sequence[ReferralLink], int]]:
        """See the port."""
        total = await self._links.count_documents({})
        cursor = self._links.find({}).sort("_id", -1).skip(offset).limit(limit)
        found = [each async for each in cursor]
        opened = await self._people.open_many(
            [(each["_id"], each["words"], _place(each["_id"])) for each in found]
        )
        links = [
            _link(each, (words or {}).get("label", ""))
            for each, words in zip(found, opened, strict=True)
        ]
        return Sealed((links, total), subjects=[each.id for each in links], fields=["overview"])

    async def revoke(self, link_id: str, at: datetime, *, by: Actor) -> None:  # noqa: ARG002
        """See the port."""
        found = await self._links.update_one({"_id": link_id}, {"$set": {"revoked_at": at}})
        if not found.matched_count:
            raise NotFound


def _place(link_id: str) -> str:
    return f"{LINKS}:{link_id}"


def _link(document: Document, label: str) -> ReferralLink:
    return ReferralLink(
        document["_id"],
        document["kind"],
        label,
        document["made_by"],
        document["made_at"],
        document["revoked_at"],
    )
