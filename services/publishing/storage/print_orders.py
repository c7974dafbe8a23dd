"""Print orders. Whom they are for is sealed under a key of the order's own, until forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime

from pymongo.errors import DuplicateKeyError

from services.publishing.domain.print_order import PrintOrder, State
from services.publishing.domain.versions import parse
from services.publishing.storage.publication_indexes import PRINT_ORDERS
from services.publishing.use_cases.publication_ports import Contact
from shared.audit.sealed import NotRecorded, Sealed
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound, VersionConflict
from shared.mongo.client import Database, Document, Session
from shared.privacy.vault import Vault

_AT_ONCE = 200


class MongoPrintOrders:
    """See the port."""

    def __init__(self, database: Database, people: Vault) -> None:
        self._rows, self._people = database[PRINT_ORDERS], people

    async def read(self, id_: str, session: Session | None = None, *, by: Actor) -> PrintOrder:
        """Raises NotFound: there is none, or it is not the asker's own."""
        found = await self._rows.find_one({"$and": [{"_id": id_}, _visible(by)]}, session=session)
        return _found(found)

    async def by_link(self, link_hash: str, *, by: Actor) -> PrintOrder:  # noqa: ARG002
        """Whoever has the link may. Raises NotFound."""
        return _found(await self._rows.find_one({"link_hash": link_hash}))

    async def by_number(self, number: str, *, by: Actor) -> PrintOrder:
        """Raises NotFound."""
        return _found(await self._rows.find_one({"$and": [{"number": number}, _visible(by)]}))

    async def listed(
        self, state: State | None, *, limit: int, offset: int, by: Actor
    ) -> tuple[Sequence[PrintOrder], int]:
        """A page, the oldest first; how many there are."""
        wanted: Document = {"$and": [_visible(by), {"state": state} if state else {}]}
        found = self._rows.find(wanted).sort([("ordered_at", 1), ("_id", 1)])
        page = [_from(row) async for row in found.skip(offset).limit(limit)]
        return page, await self._rows.count_documents(wanted)

    async def seal(
        self,
        order_id: str,
        contact: Contact,
        *,
        by: Actor,  # noqa: ARG002 - gives back what was just given, sealed
    ) -> Mapping[str, bytes]:
        """Under a new key, made outside of any transaction."""
        await self._people.new_person(order_id)
        return await self._people.seal(order_id, asdict(contact), record=_record(order_id))

    async def add(
        self, session: Session, order: PrintOrder, link_hash: str, cipher: Mapping[str, bytes]
    ) -> None:
        """A new one. Raises VersionConflict: it, or its number, is there already."""
        document = {**_document(order), "link_hash": link_hash, "cipher": dict(cipher)}
        try:
            await self._rows.insert_one({**document, "version": 1}, session=session)
        except DuplicateKeyError:
            raise VersionConflict from None

    async def save(self, session: Session, order: PrintOrder, *, by: Actor) -> PrintOrder:  # noqa: ARG002
        """Over the version that it was read with; the contact stays. Raises VersionConflict."""
        changed = await self._rows.find_one_and_update(
            {"_id": order.id, "version": order.version},
            {"$set": {**_document(order), "version": order.version + 1}},
            return_document=True,
            session=session,
        )
        if changed is None:
            raise VersionConflict
        return _from(changed)

    async def contacts(
        self, orders: Sequence[PrintOrder], *, by: Actor
    ) -> Sealed[Mapping[str, Contact]]:
        """By order id; without those that are forgotten. One round trip each way."""
        wanted = {"$and": [{"_id": {"$in": [each.id for each in orders]}}, _visible(by)]}
        rows = [row async for row in self._rows.find(wanted, {"cipher": 1}) if "cipher" in row]
        opened = await self._people.open_many(
            [(row["_id"], row["cipher"], _record(row["_id"])) for row in rows]
        )
        known = {
            row["_id"]: Contact(**told)
            for row, told in zip(rows, opened, strict=True)
            if told is not None
        }
        names = [each.name for each in fields(Contact)]
        return Sealed(known, subjects=known.keys(), fields=names)

    async def contact(self, order_id: str, *, by: Actor) -> Contact | None:
        """To send by, for the house itself; None when it is forgotten.

        Raises:
            NotRecorded: anybody else asks `contacts`, which leaves a trace.
        """
        if by.kind != "housekeeping":
            raise NotRecorded("contacts of orders are seen through the audit alone")
        found = await self._rows.find_one({"_id": order_id}, {"cipher": 1})
        if found is None or "cipher" not in found:
            return None
        many = [(order_id, found["cipher"], _record(order_id))]
        [told] = await self._people.open_many(many)
        return None if told is None else Contact(**told)

    async def sent_before(self, moment: datetime, *, by: Actor) -> Sequence[PrintOrder]:
        """Those on their way since before then, some at a time."""
        wanted = {"$and": [{"state": "sent", "moved_at": {"$lte": moment}}, _visible(by)]}
        return [_from(row) async for row in self._rows.find(wanted).limit(_AT_ONCE)]

    async def forget_due(self, now: datetime, *, by: Actor) -> int:
        """Forget the contacts whose time has come, some at a time; how many they were."""
        due = {"$and": [{"forget_at": {"$lte": now}, "cipher": {"$exists": True}}, _visible(by)]}
        ids = [row["_id"] async for row in self._rows.find(due, {"_id": 1}).limit(_AT_ONCE)]
        for order_id in ids:
            # The key first: what is sealed with it is blind wherever a copy of it lies.
            await self._people.forget(order_id)
        await self._rows.update_many({"_id": {"$in": ids}}, {"$unset": {"cipher": ""}})
        return len(ids)


def _visible(by: Actor) -> Document:
    """Staff whom the door let in and the clockwork see all; a school its own."""
    if by.kind in ("staff", "housekeeping"):
        return {}
    return {"_id": by.id if by.kind == "participant" else None}


def _record(order_id: str) -> str:
    return f"{PRINT_ORDERS}:{order_id}"


def _found(row: Document | None) -> PrintOrder:
    if row is None:
        raise NotFound
    return _from(row)


def _document(one: PrintOrder) -> Document:
    plain = asdict(one)
    del plain["id"], plain["version"]
    return {"_id": one.id, **plain, "edition": str(one.edition)}


def _from(row: Document) -> PrintOrder:
    names = {each.name for each in fields(PrintOrder)} - {"id", "edition"}
    known = {name: row[name] for name in names}
    return PrintOrder(id=row["_id"], edition=parse(row["edition"]), **known)
