"""The rooms, and who has one of them on a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from services.booking.domain.occasion import Occasion
from services.booking.domain.room import Room, new_room
from services.booking.domain.room_day import DayKey, RoomDay
from services.booking.domain.room_rules import RoomIsKnown
from services.booking.use_cases.decisions import Decisions, ensure_seen
from services.booking.use_cases.ports import Occasions, Saving
from services.booking.use_cases.room_ports import Rooms
from shared.kernel.actor import Actor
from shared.kernel.ids import OccasionId

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class DaySeen:
    """A room's day, with the occasions that are in it."""

    room: Room
    day: RoomDay
    occasions: Mapping[OccasionId, Occasion]


@dataclass(frozen=True, slots=True)
class SeeRoomDay:
    """Who has a room on a day: occasions by their titles, internal holds without a name."""

    rooms: Rooms
    occasions: Occasions
    decisions: Decisions

    async def __call__(self, room_id: str, day: date, *, by: Actor) -> DaySeen:
        """Raises NotFound for an unknown room."""
        room, key = await self.rooms.read(room_id, by=by), DayKey(room_id, day)
        found = (await self.decisions.ledger.days([key]))[key]
        ids = [OccasionId(each.id) for each in found.claims if each.kind == "occasion"]
        return DaySeen(room, found, await self.occasions.read_many(ids, by=by))


@dataclass(frozen=True, slots=True)
class AddRoom:
    """Add a room. Those that occasions name are there by themselves, until told without seats."""

    rooms: Rooms
    decisions: Decisions

    async def __call__(
        self, name: str, seats: int, *, by: Actor, once: Any, present: Callable[[Room], A]
    ) -> A:
        """Raises TextMissing, TextTooLong, CapacityOutOfRange or RoomIsKnown."""
        room = replace(new_room(name, seats), version=1)

        async def make() -> tuple[Saving, A]:
            if await self.rooms.called(room.id, by=by) is not None:
                raise RoomIsKnown
            return Saving(rooms=[(None, room)]), present(room)

        return await self.decisions.save_made(make, once)


@dataclass(frozen=True, slots=True)
class SaySeats:
    """Say how many a room seats: from then on it can be given to whoever needs any room."""

    rooms: Rooms
    decisions: Decisions

    async def __call__(
        self, room_id: str, seats: int, *, version: int, by: Actor, present: Callable[[Room], A]
    ) -> A:
        """Raises NotFound, ChangedElsewhere or CapacityOutOfRange."""

        async def make() -> tuple[Saving, A]:
            before = await self.rooms.read(room_id, by=by)
            ensure_seen(version, before.version)
            after = replace(new_room(before.name, seats), version=before.version + 1)
            return Saving(rooms=[(before, after)]), present(after)

        return await self.decisions.save_made(make, None)
