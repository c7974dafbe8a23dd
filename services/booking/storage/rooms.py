"""Reading rooms, their holds, and what became of requests."""

from __future__ import annotations

from services.booking.domain.holding import Hold
from services.booking.domain.room import Room, room_id
from services.booking.storage.indexes import ROOM_HOLDS, ROOM_REQUESTS, ROOMS
from services.booking.storage.room_documents import hold_of, request_of, room_of
from services.booking.use_cases.ports import Page
from services.booking.use_cases.records import RoomRequest
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.mongo.client import Database, Session


class MongoRooms:
    """Rooms are no secret among those who get this far; whoever asks is named."""

    def __init__(self, database: Database) -> None:
        self._rooms, self._holds = database[ROOMS], database[ROOM_HOLDS]
        self._requests = database[ROOM_REQUESTS]

    async def read(self, id_: str, *, by: Actor) -> Room:  # noqa: ARG002
        """Raises NotFound."""
        found = await self._rooms.find_one({"_id": id_})
        if found is None:
            raise NotFound
        return room_of(found)

    async def called(
        self,
        name: str,
        *,
        by: Actor,  # noqa: ARG002
        session: Session | None = None,
    ) -> Room | None:
        """By its id or its name, however that is spelled; None for an unknown one."""
        wanted = {"_id": {"$in": [name, room_id(name)]}}
        found = await self._rooms.find_one(wanted, session=session)
        return None if found is None else room_of(found)

    async def listed(self, *, limit: int, offset: int, by: Actor) -> Page:  # noqa: ARG002
        """By name."""
        found = self._rooms.find().sort([("name_folded", 1), ("_id", 1)])
        items = [room_of(each) async for each in found.skip(offset).limit(limit)]
        return Page(items, await self._rooms.count_documents({}))

    async def seating(
        self,
        people: int,
        *,
        by: Actor,  # noqa: ARG002
        session: Session | None = None,
    ) -> list[Room]:
        """Those that are known to seat so many."""
        found = self._rooms.find({"seats": {"$gte": people}}, session=session)
        return [room_of(each) async for each in found]

    async def hold(
        self,
        hold_id: str,
        *,
        by: Actor,  # noqa: ARG002
        session: Session | None = None,
    ) -> Hold:
        """Raises NotFound."""
        found = await self._holds.find_one({"_id": hold_id}, session=session)
        if found is None:
            raise NotFound
        return hold_of(found)

    async def request(
        self,
        request_id: str,
        *,
        by: Actor,  # noqa: ARG002
        session: Session | None = None,
    ) -> RoomRequest | None:
        """What became of it so far."""
        found = await self._requests.find_one({"_id": request_id}, session=session)
        return None if found is None else request_of(found)

    async def request_behind(self, hold_id: str, *, by: Actor) -> RoomRequest | None:  # noqa: ARG002
        """The request that a hold stands for, if there is one. Never shown to anybody."""
        found = await self._requests.find_one({"hold_id": hold_id})
        return None if found is None else request_of(found)
