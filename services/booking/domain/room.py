"""Rooms: known by their name however it is spelled, and by how many they seat, if somebody said."""

from __future__ import annotations

from dataclasses import dataclass

from services.booking.domain.activity import ensure_title
from services.booking.domain.limits import ensure_capacity
from shared.kernel.ids import deterministic_id

ROOM_ZONE = "Europe/Stockholm"
"""Where the rooms are: their days begin and end at this midnight."""


@dataclass(frozen=True, slots=True)
class Room:
    """A place that occasions and internal holds are in.

    `seats` is None until staff have said it: a room that a season file named (it may be a school's,
    or on the net) can be held by its name, and is never given to somebody who asked for any.
    """

    id: str
    name: str
    seats: int | None = None
    version: int = 0


def room_id(name: str) -> str:
    """The same for every spelling with other case or spacing, and fit for a path."""
    return deterministic_id("room", " ".join(name.split()).casefold())


def new_room(name: str, seats: int | None) -> Room:
    """Raises TextMissing, TextTooLong or CapacityOutOfRange."""
    kept = " ".join(ensure_title(name).split())
    return Room(room_id(kept), kept, None if seats is None else ensure_capacity(seats))


def smallest_fitting(rooms: list[Room], people: int) -> list[Room]:
    """Those that are known to seat so many, the smallest first; by name among equals."""
    fitting = [room for room in rooms if room.seats is not None and room.seats >= people]
    return sorted(fitting, key=lambda room: (room.seats, room.name, room.id))
