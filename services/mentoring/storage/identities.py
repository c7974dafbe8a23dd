"""Identities in a database of their own: fields sealed under the person's key, blind indexes.

A blind index is a keyed hash per kind of value (HMAC-SHA256): it finds the same value again and
tells nothing else. It is not a field of its own in clear anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any, cast

from pymongo.errors import DuplicateKeyError

from services.mentoring.domain.ids import PersonId
from services.mentoring.domain.referral import marks_of_a_person
from services.mentoring.use_cases.identities import Changed, Identity, Kept
from services.mentoring.use_cases.referrals import fingerprinted
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now
from shared.kernel.refusal import NotFound, VersionConflict
from shared.mongo.client import Database, Document
from shared.privacy.fingerprint import keyed
from shared.privacy.vault import Vault

IDENTITIES = "identities"
_AT_ONCE = 100
UNDER_WAY = timedelta(minutes=1)
"""For how long a change keeps others out that are made on the same version: it takes seconds."""
_NAMES = tuple(each.name for each in fields(Identity))


class MongoIdentities:
    """The only way to a name."""

    def __init__(self, database: Database, people: Vault, fingerprint_key: bytes) -> None:
        self._identities = database[IDENTITIES]
        self._people, self._key = people, fingerprint_key

    async def make_indexes(self) -> None:
        """For who is here already, has no case, is half changed, or is owed a card."""
        await self._identities.create_index("blind", name="blind")
        await self._identities.create_index(
            "at", name="unsettled", partialFilterExpression={"settled": False}
        )
        await self._identities.create_index("card_owed_since", name="owing", sparse=True)
        await self._identities.create_index("staged.at", name="half-changed", sparse=True)

    async def add(self, person_id: PersonId, identity: Identity, *, by: Actor) -> None:  # noqa: ARG002
        """See the port. What an opening that did not come about left behind is written over."""
        await self._people.new_person(person_id)
        document = {
            **await self._document(person_id, identity),
            "at": real_now(),
            "settled": False,
            "version": 1,
        }
        mine = {"_id": person_id, "settled": False, "version": 1}
        try:
            await self._identities.replace_one(mine, document, upsert=True)
        except DuplicateKeyError as error:
            raise VersionConflict from error

    async def stage(
        self,
        person_id: PersonId,
        identity: Identity,
        change_id: str,
        *,
        seen: int,
        by: Actor,  # noqa: ARG002
    ) -> Changed:
        """See the port."""
        before = await self._identities.find_one({"_id": person_id})
        if before is None:
            raise NotFound
        anew = _reach(await self._opened(before)) != _reach(identity)
        document = await self._document(person_id, identity)
        now = real_now()
        staged = {
            "id": change_id,
            "at": now,
            "fields": document["fields"],
            "blind": document["blind"],
        }
        free: Document = {
            "$or": [
                {"staged": None},
                {"staged.id": change_id},
                {"staged.at": {"$lt": now - UNDER_WAY}},
            ]
        }
        laid = await self._identities.update_one(
            {"_id": person_id, "version": seen, **free}, {"$set": {"staged": staged}}
        )
        if not laid.matched_count:
            raise VersionConflict
        return Changed(seen + 1, anew)

    async def take_over(self, person_id: PersonId, change_id: str, *, by: Actor) -> None:  # noqa: ARG002
        """See the port."""
        taken = await self._identities.update_one(
            {"_id": person_id, "staged.id": change_id},
            [
                {
                    "$set": {
                        "fields": "$staged.fields",
                        "blind": "$staged.blind",
                        "version": {"$add": ["$version", 1]},
                    }
                },
                {"$unset": "staged"},
            ],
        )
        if not taken.matched_count:
            raise VersionConflict

    async def drop(self, person_id: PersonId, change_id: str, *, by: Actor) -> None:  # noqa: ARG002
        """See the port."""
        mine = {"_id": person_id, "staged.id": change_id}
        await self._identities.update_one(mine, {"$unset": {"staged": ""}})

    async def half_changed(
        self,
        before: datetime,
        *,
        by: Actor,  # noqa: ARG002
    ) -> Sequence[tuple[PersonId, str]]:
        """See the port."""
        wanted = {"staged.at": {"$lt": before}}
        found = self._identities.find(wanted, {"staged.id": 1}).sort("_id", 1).limit(_AT_ONCE)
        return [(PersonId(each["_id"]), each["staged"]["id"]) async for each in found]

    async def owe_card(self, person_id: PersonId, *, by: Actor) -> None:  # noqa: ARG002
        """See the port."""
        await self._identities.update_one(
            {"_id": person_id}, {"$set": {"card_owed_since": real_now()}}
        )

    async def card_told(self, person_id: PersonId, revision: int, *, by: Actor) -> bool:  # noqa: ARG002
        """See the port."""
        told = await self._identities.update_one(
            {"_id": person_id, "version": revision}, {"$unset": {"card_owed_since": ""}}
        )
        return bool(told.matched_count)

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
        identity = await self._opened(found)
        return Sealed(Kept(identity, found["version"]), subjects=[of_case], fields=["identity"])

    async def same_as(self, identity: Identity, *, by: Actor) -> Sequence[PersonId]:
        """See the port."""
        return await self.having(self._blind(identity), by=by)

    async def having(self, blind: Sequence[str], *, by: Actor) -> Sequence[PersonId]:  # noqa: ARG002
        """Whoever has any of these marks."""
        if not blind:
            return ()
        found = self._identities.find({"blind": {"$in": list(blind)}}, {"_id": 1}).sort("_id", 1)
        return [PersonId(each["_id"]) async for each in found]

    async def marks_of(self, people: Sequence[PersonId], *, by: Actor) -> Sequence[str]:  # noqa: ARG002
        """By what these people are recognised."""
        found = self._identities.find({"_id": {"$in": list(people)}}, {"blind": 1})
        return sorted({mark async for each in found for mark in each["blind"]})

    async def remove(self, person_id: PersonId, *, by: Actor) -> int:  # noqa: ARG002
        """See the port."""
        return (await self._identities.delete_one({"_id": person_id})).deleted_count

    async def kept_of(self, people: Sequence[PersonId], *, by: Actor) -> int:  # noqa: ARG002
        """Of how many of these people there is an identity."""
        return await self._identities.count_documents({"_id": {"$in": list(people)}})

    async def unsettled(self, before: datetime, *, by: Actor) -> Sequence[PersonId]:  # noqa: ARG002
        """See the port."""
        return await self._some({"settled": False, "at": {"$lt": before}})

    async def settle(self, person_id: PersonId, *, by: Actor) -> bool:  # noqa: ARG002
        """See the port."""
        done = await self._identities.update_one({"_id": person_id}, {"$set": {"settled": True}})
        return bool(done.matched_count)

    async def owing_a_card(self, before: datetime, *, by: Actor) -> Sequence[PersonId]:  # noqa: ARG002
        """See the port."""
        return await self._some({"card_owed_since": {"$lt": before}})

    async def _some(self, wanted: Document) -> Sequence[PersonId]:
        found = self._identities.find(wanted, {"_id": 1}).sort("_id", 1).limit(_AT_ONCE)
        return [PersonId(each["_id"]) async for each in found]

    async def _opened(self, document: Document) -> Identity:
        person_id = document["_id"]
        opened = await self._people.open(person_id, document["fields"], record=_place(person_id))
        return Identity(**{name: opened.get(name, "") for name in _NAMES})

    async def _document(self, person_id: PersonId, identity: Identity) -> Document:
        known = {name: value for name, value in asdict(identity).items() if value}
        sealed = await self._people.seal(person_id, known, record=_place(person_id))
        return {"_id": person_id, "fields": sealed, "blind": self._blind(identity)}

    def _blind(self, identity: Identity) -> list[str]:
        known = cast("dict[str, Any]", fingerprinted(identity))
        return [keyed(self._key, *mark) for mark in marks_of_a_person(**known)]


def _reach(identity: Identity) -> tuple[str, str, str]:
    """What a contact card says."""
    return identity.phone, identity.email, identity.language


def _place(person_id: str) -> str:
    return f"{IDENTITIES}:{person_id}"
