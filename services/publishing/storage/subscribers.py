"""Subscribers: what may be asked about them in the open, their address under their own key."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bson.binary import UUID_SUBTYPE, Binary
from pymongo import UpdateOne

from services.publishing.domain.address import Address
from services.publishing.domain.leaving import Left, Why
from services.publishing.domain.segments import Segment
from services.publishing.domain.subscriber import SHOWN, Addressee, Contact, Subscriber
from services.publishing.domain.suppression import stops
from services.publishing.storage.fingerprints import Fingerprints
from services.publishing.storage.leavings import MongoLeavings
from services.publishing.storage.segment_queries import on_list
from services.publishing.storage.subscriber_documents import from_document, key, to_document
from services.publishing.storage.subscriber_indexes import SUBSCRIBERS
from services.publishing.storage.suppressions import MongoSuppressions
from shared.audit.sealed import NotRecorded, Sealed
from shared.kernel.actor import Actor
from shared.kernel.ids import id_of
from shared.kernel.refusal import VersionConflict
from shared.mongo.client import Database, Document, Session
from shared.mongo.duplicates import is_duplicate
from shared.privacy.vault import Forgotten, PersonUnknown, Vault

PAGE = 500
"""Subscribers that are asked for at once."""
_OPEN = {"cipher": 0, "blind": 0}


@dataclass(frozen=True, slots=True)
class Readers:
    """Everybody who was asked for is in one of the two."""

    readers: Mapping[bytes, Addressee]
    stopped: Mapping[bytes, Why]


class MongoSubscribers:
    """`blind` is the fingerprint of the address: one mailbox is one subscriber."""

    def __init__(
        self,
        database: Database,
        people: Vault,
        fingerprints: Fingerprints,
        suppressions: MongoSuppressions,
        leavings: MongoLeavings,
    ) -> None:
        self._rows = database[SUBSCRIBERS]
        self._people, self._fingerprints = people, fingerprints
        self._suppressions, self._leavings = suppressions, leavings

    async def find(
        self, subscriber: uuid.UUID, session: Session | None = None, *, by: Actor
    ) -> Subscriber | None:
        """One of them, or None."""
        asked = {"$and": [{"_id": key(subscriber)}, visible(by)]}
        found = await self._rows.find_one(asked, _OPEN, session=session)
        return from_document(found) if found else None

    async def at(
        self, fingerprint: str, session: Session | None = None, *, by: Actor
    ) -> Subscriber | None:
        """Whose mailbox it is, or None."""
        asked = {"blind": fingerprint, **visible(by)}
        found = await self._rows.find_one(asked, _OPEN, session=session)
        return from_document(found) if found else None

    async def listed(
        self, asked: Mapping[str, str], *, limit: int, offset: int, by: Actor
    ) -> tuple[list[Subscriber], int]:
        """A page of those on a list (`list`, and `state` there), the newest last; how many."""
        wanted: Document = {"$and": [_standing(asked), visible(by)]}
        rows = self._rows.find(wanted, _OPEN).sort("_id", 1).skip(offset).limit(limit)
        page = [from_document(row) async for row in rows]
        return page, await self._rows.count_documents(wanted)

    async def count(self, list_id: str, segment: Segment, *, by: Actor) -> int:
        """How many are confirmed on the list and in the segment, as of now."""
        return await self._rows.count_documents({"$and": [on_list(list_id, segment), visible(by)]})

    async def ids_in(
        self, list_id: str, segment: Segment, *, by: Actor, page: int = PAGE
    ) -> AsyncIterator[list[uuid.UUID]]:
        """The same people, by rising id, in pages that are full but for the last."""
        wanted = on_list(list_id, segment)
        after: Document = {}
        while True:
            rows = self._rows.find({"$and": [wanted, after, visible(by)]}, {"_id": 1})
            found = await rows.sort("_id", 1).limit(page).to_list(page)
            if found:
                after = {"_id": {"$gt": found[-1]["_id"]}}
                yield [row["_id"].as_uuid() for row in found]
            if len(found) < page:
                return

    async def readers(self, ids: Sequence[bytes], list_id: str, *, by: Actor) -> Readers:
        """Who of these is written to on this list now, and why the others are not.

        Three round trips for up to `PAGE` ids, two of them side by side. Who is not there any more
        counts as unsubscribed.
        """
        wanted = {
            "$and": [{"_id": {"$in": [Binary(one, UUID_SUBTYPE) for one in ids]}}, visible(by)]
        }
        fields = {"cipher": 1, "blind": 1, "confirmed": 1, "language": 1}
        found = self._rows.find(wanted, fields, batch_size=len(ids) + 1)
        rows = await found.to_list(len(ids))
        people = [(id_of(row["_id"]), row["cipher"]) for row in rows]
        causes, opened = await asyncio.gather(
            self._suppressions.causes([row["blind"] for row in rows], by=by),
            self._people.open_many(
                [(one, cipher, f"{SUBSCRIBERS}:{one}") for one, cipher in people]
            ),
        )
        readers: dict[bytes, Addressee] = {}
        stopped: dict[bytes, Why] = dict.fromkeys(ids, "unsubscribed")
        for row, told in zip(rows, opened, strict=True):
            one, known = bytes(row["_id"]), causes.get(row["blind"])
            if known is not None and (cause := stops(known, "newsletter")) is not None:
                stopped[one] = cause
            elif list_id in row["confirmed"] and told is not None:
                del stopped[one]
                readers[one] = Addressee(row["language"], told["address"], told["name"])
        return Readers(readers, stopped)

    async def seal(
        self,
        people: Sequence[tuple[uuid.UUID, Contact]],
        *,
        by: Actor,  # noqa: ARG002
    ) -> list[Mapping[str, bytes] | None]:
        """The sealed part of each, as it is stored; None for who is to stay unknown.

        Keys that are not there yet are made. Outside of any transaction.
        """
        named = [(str(one), contact) for one, contact in people]
        gone = await self._people.new_people([one for one, _ in named])
        sealed = await self._people.seal_many(
            [
                (one, _fields(contact), f"{SUBSCRIBERS}:{one}")
                for one, contact in named
                if one not in gone
            ]
        )
        left = iter(sealed)
        return [None if one in gone else next(left) for one, _ in named]

    async def add(
        self, session: Session, one: Subscriber, address: Address, cipher: Mapping[str, bytes]
    ) -> None:
        """Somebody new. A mailbox that is there already is a DuplicateKeyError."""
        blind = self._fingerprints.of(address)
        await self._rows.insert_one(_document(one, blind, cipher), session=session)

    async def save(
        self,
        session: Session,
        before: Subscriber,
        after: Subscriber,
        *,
        by: Actor,  # noqa: ARG002 - `before` came from a store that was asked by somebody
        cipher: Mapping[str, bytes] | None = None,
    ) -> Subscriber:
        """Write what changed, and tell mailers at work which lists they are off; as it is now.

        Raises:
            VersionConflict: somebody else changed it since `before` was read.
        """
        fields = {**to_document(after), "version": before.version + 1}
        if cipher is not None:
            fields["cipher"] = dict(cipher)
        changed = await self._rows.update_one(
            {"_id": key(before.id), "version": before.version}, {"$set": fields}, session=session
        )
        if not changed.matched_count:
            raise VersionConflict
        off = set(before.confirmed) - set(after.confirmed)
        left = [Left(before.id, list_id, "unsubscribed") for list_id in sorted(off)]
        await self._leavings.add(session, left)
        return replace(after, version=before.version + 1)

    async def fingerprint(
        self, subscriber: uuid.UUID, session: Session | None = None, *, by: Actor
    ) -> str | None:
        """That of their mailbox; None when nobody is there any more."""
        asked = {"$and": [{"_id": key(subscriber)}, visible(by)]}
        found = await self._rows.find_one(asked, {"blind": 1}, session=session)
        return found["blind"] if found else None

    async def at_all(self, blinds: Sequence[str], *, by: Actor) -> Mapping[str, Subscriber]:
        """Those whose mailbox is known, by fingerprint."""
        asked = {"$and": [{"blind": {"$in": list(blinds)}}, visible(by)]}
        rows = self._rows.find(asked, {"cipher": 0})
        return {row["blind"]: from_document(row) async for row in rows}

    async def add_all(
        self, session: Session, new: Sequence[tuple[Subscriber, str, Mapping[str, bytes]]]
    ) -> None:
        """Somebody new each, in one write. A mailbox that is there already undoes it all."""
        rows = [_document(one, blind, cipher) for one, blind, cipher in new]
        if rows:
            await self._rows.insert_many(rows, session=session)

    async def save_all(
        self, session: Session, changed: Sequence[tuple[Subscriber, Subscriber]]
    ) -> None:
        """Before and after of each, in one write; nobody leaves a list by it.

        Raises:
            VersionConflict: one of them was changed since it was read.
        """
        writes = [
            UpdateOne(
                {"_id": key(before.id), "version": before.version},
                {"$set": {**to_document(after), "version": before.version + 1}},
            )
            for before, after in changed
        ]
        if writes:
            done = await self._rows.bulk_write(writes, ordered=False, session=session)
            if done.matched_count != len(writes):
                raise VersionConflict

    @staticmethod
    def is_taken(error: BaseException) -> bool:
        """Whether an error says that the mailbox is somebody's already."""
        return is_duplicate(error, SUBSCRIBERS)

    async def contact(self, subscriber: uuid.UUID, *, by: Actor) -> Contact | None:
        """The sealed part, to send by or for their own eyes; None when nobody is there any more.

        Raises:
            NotRecorded: staff ask `shown`, which leaves a trace.
        """
        if by.kind == "staff":
            raise NotRecorded("staff see addresses through the audit alone")
        return await self._opened(subscriber, by)

    async def shown(self, subscriber: uuid.UUID, *, by: Actor) -> Sealed[Contact | None]:
        """The sealed part, for somebody else's eyes: only a recorded reading opens it."""
        contact = await self._opened(subscriber, by)
        return Sealed(contact, subjects=[str(subscriber)], fields=SHOWN)

    async def _opened(self, subscriber: uuid.UUID, by: Actor) -> Contact | None:
        asked = {"$and": [{"_id": key(subscriber)}, visible(by)]}
        found = await self._rows.find_one(asked, {"cipher": 1})
        if found is None:
            return None
        try:
            told = await self._people.open(
                str(subscriber), found["cipher"], record=_record(subscriber)
            )
        except (Forgotten, PersonUnknown):
            return None
        return _contact(told)


def _document(one: Subscriber, blind: str, cipher: Mapping[str, bytes]) -> Document:
    """Somebody new as they are stored, at version 1."""
    own = {"_id": key(one.id), "version": 1, "blind": blind, "cipher": dict(cipher)}
    return {**own, **to_document(one)}


def visible(by: Actor) -> Document:
    """A subscriber sees themselves; staff whom the door let in and the clockwork see all."""
    if by.kind in ("staff", "housekeeping"):
        return {}
    return {"_id": key(uuid.UUID(by.id)) if by.kind == "participant" else None}


def _standing(asked: Mapping[str, str]) -> Document:
    if "list" not in asked:
        return {}
    state = asked.get("state", "confirmed")
    if state == "confirmed":
        return {"confirmed": asked["list"]}
    return {f"on.{asked['list']}.state": state}


def _fields(contact: Contact) -> dict[str, str]:
    return {"address": str(contact.address), "name": contact.name}


def _contact(told: Mapping[str, str]) -> Contact:
    local, _, domain = told["address"].rpartition("@")
    return Contact(Address(local, domain), told["name"])


def _record(subscriber: uuid.UUID) -> str:
    return f"{SUBSCRIBERS}:{subscriber}"
