"""Identities in a database of their own: fields sealed under the person's key, blind indexes.

A blind index is a keyed hash per kind of value (HMAC-SHA256): it finds the same value again and
tells nothing else. It is not a field of its own in clear anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import Any, cast

from services.mentoring.domain.ids import PersonId
from services.mentoring.domain.referral import marks_of_a_person
from services.mentoring.use_cases.identities import Identity, Kept
from services.mentoring.use_cases.referrals import fingerprinted
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.mongo import versioned
from shared.mongo.client import Database, Document
from shared.privacy.fingerprint import keyed
from shared.privacy.vault import Vault

IDENTITIES = "identities"
_NAMES = tuple(each.name for each in fields(Identity))


class MongoIdentities:
    """The only way to a name."""

    def __init__(self, database: Database, people: Vault, fingerprint_key: bytes) -> None:
        self._identities = database[IDENTITIES]
        self._people, self._key = people, fingerprint_key

    async def make_indexes(self) -> None:
        """For asking whether a person is here already."""
        await self._identities.create_index("blind", name="blind")

    async def add(self, person_id: PersonId, identity: Identity, *, by: Actor) -> None:  # noqa: ARG002
        """See the port."""
        await self._people.new_person(person_id)
        await versioned.replace(self._identities, await self._document(person_id, identity), 0)

    async def change(
        self,
        person_id: PersonId,
        identity: Identity,
        *,
        seen: int,
        by: Actor,  # noqa: ARG002
    ) -> int:
        """See the port."""
        if await self._identities.find_one({"_id": person_id}, {"_id": 1}) is None:
            raise NotFound
        document = await self._document(person_id, identity)
        return await versioned.replace(self._identities, document, seen)

    async def read(
        self,
        person_id: PersonId,
        *,
        of_case: str,
        by: Actor,  # noqa: ARG002
    ) -> Sealed[Kept] | None:
        """See the port."""
        found = await self._identities.find_one({"_id": person_id})
        if found is None:
            return None
        opened = await self._people.open(person_id, found["fields"], record=_place(person_id))
        identity = Identity(**{name: opened.get(name, "") for name in _NAMES})
        return Sealed(Kept(identity, found["version"]), subjects=[of_case], fields=["identity"])

    async def same_as(self, identity: Identity, *, by: Actor) -> Sequence[PersonId]:  # noqa: ARG002
        """See the port."""
        blind = self._blind(identity)
        if not blind:
            return ()
        found = self._identities.find({"blind": {"$in": blind}}, {"_id": 1}).sort("_id", 1)
        return [PersonId(each["_id"]) async for each in found]

    async def remove(self, person_id: PersonId, *, by: Actor) -> int:  # noqa: ARG002
        """See the port."""
        return (await self._identities.delete_one({"_id": person_id})).deleted_count

    async def _document(self, person_id: PersonId, identity: Identity) -> Document:
        known = {name: value for name, value in asdict(identity).items() if value}
        sealed = await self._people.seal(person_id, known, record=_place(person_id))
        return {"_id": person_id, "fields": sealed, "blind": self._blind(identity)}

    def _blind(self, identity: Identity) -> list[str]:
        known = cast("dict[str, Any]", fingerprinted(identity))
        return [keyed(self._key, *mark) for mark in marks_of_a_person(**known)]


def _place(person_id: str) -> str:
    return f"{IDENTITIES}:{person_id}"
