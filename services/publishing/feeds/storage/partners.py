"""Partners as documents, each with what staff and they themselves did to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pymongo import ASCENDING

from services.publishing.feeds.domain.filters import Filter
from services.publishing.feeds.domain.keys import PartnerKey
from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.domain.reconciling import Entitlement
from services.publishing.feeds.domain.refusals import NameIsTaken
from services.publishing.storage.feed_indexes import NOTICES, PARTNERS
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from shared.mongo.client import Database, Document, Session
from shared.mongo.duplicates import is_duplicate
from shared.mongo.versioned import replace as replace_versioned

_HISTORY_KEPT = 200


class Partners:
    """Whoever comes in is looked up here before it is known who it is."""

    def __init__(self, database: Database) -> None:
        self._partners = database[PARTNERS]
        self._notices = database[NOTICES]

    async def by_id(self, partner_id: str) -> Partner | None:
        """One partner."""
        return await self._one({"_id": partner_id})

    async def by_ids(self, partner_ids: Collection[str]) -> dict[str, Partner]:
        """Several, by id."""
        rows = self._partners.find({"_id": {"$in": sorted(partner_ids)}})
        return {row["_id"]: _partner(row) async for row in rows}

    async def holds(self, partner_id: str, version: int) -> bool:
        """Whether it is there, and still as it was at that version."""
        asked = {"_id": partner_id, "version": version, "ended_at": None}
        return await self._partners.find_one(asked, {"_id": 1}) is not None

    async def by_name(self, name: str) -> Partner | None:
        """One partner, by its short name."""
        return await self._one({"name": name})

    async def by_key(self, key_id: str) -> Partner | None:
        """Whose key has this id."""
        return await self._one({"keys.id": key_id})

    async def by_client(self, client: str) -> Partner | None:
        """Whose OAuth client this is."""
        return await self._one({"client": client})

    async def page(self, *, limit: int, offset: int) -> tuple[list[Partner], int]:
        """Partners by name, and how many there are."""
        found = self._partners.find({}).sort("name", ASCENDING).skip(offset).limit(limit)
        rows = await found.to_list(None)
        return [_partner(row) for row in rows], await self._partners.count_documents({})

    async def save(self, session: Session, partner: Partner, *, did: str, by: str) -> Partner:
        """Write it if nobody else did since it was read; what was done is noted with it.

        Raises:
            VersionConflict, NameIsTaken: see each.
        """
        note = {"did": did, "by": by, "at": real_now()}
        known = await self._partners.find_one({"_id": partner.id}, {"history": 1}, session=session)
        history = [*(known or {}).get("history", []), note][-_HISTORY_KEPT:]
        document = {**_document(partner), "history": history}
        try:
            version = await replace_versioned(self._partners, document, partner.version, session)
        except Exception as error:
            if is_duplicate(error, PARTNERS):
                raise NameIsTaken from error
            raise
        return replace(partner, version=version)

    async def note(self, session: Session, partner_id: str, *, did: str, by: str) -> None:
        """What was done for it, when that changes nothing of the partner itself."""
        note = {"did": did, "by": by, "at": real_now()}
        more = {"$push": {"history": {"$each": [note], "$slice": -_HISTORY_KEPT}}}
        await self._partners.update_one({"_id": partner_id}, more, session=session)

    async def history(self, partner_id: str) -> Sequence[Mapping[str, Any]]:
        """What was done to it, by whom, oldest first."""
        found = await self._partners.find_one({"_id": partner_id}, {"history": 1})
        history: list[Mapping[str, Any]] = (found or {}).get("history", [])
        return history

    async def notify(self, session: Session, partner_id: str, kind: str, about: str) -> None:
        """Something that the partner is to know, shown where it looks after its connection."""
        notice = {"_id": new_id(), "partner_id": partner_id, "kind": kind, "about": about}
        await self._notices.insert_one({**notice, "at": real_now()}, session=session)

    async def notices(self, partner_id: str, *, limit: int = 50) -> list[Mapping[str, Any]]:
        """What it was told lately, newest first."""
        found = self._notices.find({"partner_id": partner_id}).sort("_id", -1).limit(limit)
        return list(await found.to_list(None))

    async def _one(self, asked: Document) -> Partner | None:
        row = await self._partners.find_one(asked)
        return None if row is None else _partner(row)


def filter_document(one: Filter) -> Document:
    """As it is kept."""
    return {"types": list(one.types), "places": list(one.places)}


def filter_of(row: Mapping[str, Any]) -> Filter:
    """As it was kept."""
    return Filter(tuple(row["types"]), tuple(row["places"]))


def _document(one: Partner) -> Document:
    # An absent list is in no unique index; an empty one would be, once.
    keys = {"keys": [_key_document(key) for key in one.keys]} if one.keys else {}
    return {
        "_id": one.id,
        "name": one.name,
        "title": one.title,
        "scopes": sorted(one.scopes),
        "only": filter_document(one.only),
        "networks": list(one.networks),
        "client": one.client,
        "per_minute": one.per_minute,
        **keys,
        "entitlements": [
            {"after": each.after, "scopes": sorted(each.scopes), "only": filter_document(each.only)}
            for each in one.entitlements
        ],
        "made_at": one.made_at,
        "ended_at": one.ended_at,
    }


def _key_document(key: PartnerKey) -> Document:
    return {
        "id": key.id,
        "digest": key.digest,
        "made_at": key.made_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
    }


def _partner(row: Document) -> Partner:
    return Partner(
        id=row["_id"],
        name=row["name"],
        title=row["title"],
        scopes=frozenset(row["scopes"]),
        only=filter_of(row["only"]),
        networks=tuple(row["networks"]),
        client=row["client"],
        per_minute=row["per_minute"],
        keys=tuple(PartnerKey(**key) for key in row.get("keys", ())),
        entitlements=tuple(
            Entitlement(each["after"], frozenset(each["scopes"]), filter_of(each["only"]))
            for each in row["entitlements"]
        ),
        made_at=row["made_at"],
        ended_at=row["ended_at"],
        version=row["version"],
    )
