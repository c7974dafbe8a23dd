"""The days of rooms as a decision needs them: read with their versions, written under them.

`_id` is `<room id>/<local date>`. Of two that claim the same day at the same time one is told of a
version conflict and decides again: nothing else keeps holds apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from pymongo import InsertOne, ReplaceOne, UpdateOne

from services.booking.domain.occupying import ROOM_TAKEN
from services.booking.domain.room import Room
from services.booking.domain.room_day import Claim, DayKey, RoomDay
from services.booking.storage.indexes import (
    OCCASIONS,
    ROOM_DAYS,
    ROOM_HOLDS,
    ROOM_REQUESTS,
    ROOMS,
)
from services.booking.storage.room_documents import (
    hold_document,
    request_document,
    room_document,
)
from services.booking.use_cases.ports import Saving
from shared.delivery.indexes import KEPT
from shared.kernel.clock import real_now
from shared.kernel.refusal import VersionConflict
from shared.mongo import versioned
from shared.mongo.client import Database, Document, Session


class RoomClaims:
    """A part of the ledger."""

    def __init__(self, database: Database) -> None:
        self._rooms, self._days = database[ROOMS], database[ROOM_DAYS]
        self._holds, self._requests = database[ROOM_HOLDS], database[ROOM_REQUESTS]
        self._occasions = database[OCCASIONS]
        self._known: set[str] = set()

    async def days(self, keys: Iterable[DayKey], session: Session | None) -> dict[DayKey, RoomDay]:
        """In one round trip; a day that nobody has claimed anything of is version 0."""
        wanted = {_place(key): key for key in keys}
        if not wanted:
            return {}
        found = self._days.find({"_id": {"$in": list(wanted)}}, session=session)
        standing = {each["_id"]: each async for each in found}
        return {key: _day_of(key, standing.get(place)) for place, key in wanted.items()}

    async def know(self, names: Mapping[str, str]) -> None:
        """Rooms are made on the way, and for good; a process asks about each name once."""
        new = {id_: name for id_, name in names.items() if id_ not in self._known}
        if not new:
            return
        rooms = [room_document(Room(id_, name, version=1)) for id_, name in new.items()]
        await self._rooms.bulk_write(
            [
                UpdateOne({"_id": each["_id"]}, {"$setOnInsert": each}, upsert=True)
                for each in rooms
            ],
            ordered=False,
        )
        self._known.update(new)

    async def write(self, saving: Saving, session: Session) -> None:
        """Whatever of rooms a decision changes. Raises VersionConflict when somebody was faster."""
        if saving.room_days:
            await self._write_days(saving.room_days, session)
        for before, room in saving.rooms:
            seen = 0 if before is None else before.version
            await versioned.replace(self._rooms, room_document(room), seen, session)
        for hold in saving.new_holds:
            await self._holds.insert_one(hold_document(hold), session=session)
        for hold in saving.gone_holds:
            seen_hold = {"_id": hold.id, "version": hold.version}
            if not (await self._holds.delete_one(seen_hold, session=session)).deleted_count:
                raise VersionConflict
        ends = {hold.id: hold.ends_at for hold in saving.new_holds}
        for request in saving.room_requests:
            # Until nothing can ask for it again: as long as marks of events are kept, and the hold.
            until = max(real_now(), ends.get(request.hold_id or "", real_now())) + KEPT
            document = {**request_document(request), "forget_at": until}
            await versioned.replace(self._requests, document, request.version, session)
        if saving.unflagged:
            change = {"$pull": {"flags": ROOM_TAKEN}, "$inc": {"version": 1}}
            wanted = {"_id": {"$in": saving.unflagged}, "flags": ROOM_TAKEN}
            await self._occasions.update_many(wanted, change, session=session)

    async def _write_days(self, days: list[RoomDay], session: Session) -> None:
        wanted: list[Any] = [_write_of(day) for day in days]
        done = await self._days.bulk_write(wanted, ordered=True, session=session)
        if done.inserted_count + done.matched_count != len(wanted):
            raise VersionConflict


def day_place(room_id: str, day: date) -> str:
    """The `_id` of a room's day."""
    return f"{room_id}/{day.isoformat()}"


def _place(key: DayKey) -> str:
    return day_place(key.room_id, key.day)


def _write_of(day: RoomDay) -> Any:
    document = {
        "_id": _place(day.key),
        "version": day.version + 1,
        "claims": [_claim_document(claim) for claim in day.claims],
    }
    if day.version == 0:
        return InsertOne(document)
    return ReplaceOne({"_id": document["_id"], "version": day.version}, document)


def _claim_document(claim: Claim) -> Document:
    return {
        "id": claim.id,
        "kind": claim.kind,
        "starts_at": claim.starts_at,
        "ends_at": claim.ends_at,
        "purpose": claim.purpose,
    }


def _day_of(key: DayKey, document: Document | None) -> RoomDay:
    if document is None:
        return RoomDay(key)
    claims = tuple(Claim(**each) for each in document["claims"])
    return RoomDay(key, claims, document["version"])
