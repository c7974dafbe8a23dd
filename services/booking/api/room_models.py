"""Rooms, their days and internal holds as they are sent and answered."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.booking.api.occasion_models import ID, Minutes, Places
from services.booking.api.texts import Line, LocalTime, NeededLine
from services.booking.domain.holding import Hold
from services.booking.domain.room import ROOM_ZONE, Room
from services.booking.domain.room_day import Claim, ClaimKind
from services.booking.use_cases.see_rooms import DaySeen
from shared.kernel.ids import OccasionId

INTERNAL = "Internt"
"""Who holds a room: the house. It is the same word for everybody in it."""
_ROOM: dict[str, Any] = {"id": ID, "name": "Sal 2", "seats": 32, "zone": ROOM_ZONE, "version": 1}
_TIMES: dict[str, Any] = {
    "starts_at": "2027-01-28T12:30:00Z",
    "ends_at": "2027-01-28T13:30:00Z",
}


class NewRoom(BaseModel):
    """A room of our own."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"name": "Sal 2", "seats": 32}}
    )

    name: NeededLine
    seats: Places


class Seats(BaseModel):
    """How many a room seats."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"seats": 32}})

    seats: Places


class RoomOut(BaseModel):
    """A room. `seats` is null where nobody has said: it can be held by name only."""

    model_config = ConfigDict(json_schema_extra={"example": _ROOM})

    id: str
    name: str
    seats: int | None
    zone: str
    version: int

    @classmethod
    def of(cls, room: Room) -> RoomOut:
        """From the domain."""
        return cls(
            id=room.id, name=room.name, seats=room.seats, zone=ROOM_ZONE, version=room.version
        )


class ClaimOut(BaseModel):
    """Who has the room when: an occasion by its title, or somebody in the house."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"kind": "hold", "id": ID, **_TIMES, "title": "", "by": INTERNAL}
        }
    )

    kind: ClaimKind
    id: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    title: str
    by: str


class RoomDayOut(BaseModel):
    """A room on a local day, earliest claim first. What crosses midnight stands in both days."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "room": _ROOM,
                "date": "2027-01-28",
                "claims": [{"kind": "hold", "id": ID, **_TIMES, "title": "", "by": INTERNAL}],
                "version": 1,
            }
        }
    )

    room: RoomOut
    date: date
    claims: list[ClaimOut]
    version: int

    @classmethod
    def of(cls, seen: DaySeen) -> RoomDayOut:
        """From what was found."""
        return cls(
            room=RoomOut.of(seen.room),
            date=seen.day.key.day,
            claims=[_claim(each, seen) for each in seen.day.claims],
            version=seen.day.version,
        )


class NewHold(BaseModel):
    """A room for something of the house's own. Never write anybody's name as its purpose."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "room": ID,
                "starts_local": "2027-01-28T13:30",
                "minutes": 60,
                "purpose": "Personalmöte",
            }
        },
    )

    room: str = Field(max_length=64, description="rummets id")
    starts_local: LocalTime
    zone: str = Field(default=ROOM_ZONE, max_length=64, description="IANA-zon")
    minutes: Minutes
    purpose: Line = ""


class HoldOut(BaseModel):
    """An internal hold. All are alike, whoever in the house needs the room."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": ID,
                "room": ID,
                "room_name": "Sal 2",
                **_TIMES,
                "zone": ROOM_ZONE,
                "purpose": "",
                "by": INTERNAL,
                "version": 1,
            }
        }
    )

    id: str
    room: str
    room_name: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    zone: str
    purpose: str
    by: str
    version: int

    @classmethod
    def of(cls, hold: Hold) -> HoldOut:
        """From the domain."""
        return cls(
            id=hold.id,
            room=hold.room_id,
            room_name=hold.room,
            starts_at=hold.starts_at,
            ends_at=hold.ends_at,
            zone=hold.zone,
            purpose=hold.purpose,
            by=INTERNAL,
            version=hold.version,
        )


def _claim(claim: Claim, seen: DaySeen) -> ClaimOut:
    occasion = seen.occasions.get(OccasionId(claim.id))
    is_hold = claim.kind == "hold"
    return ClaimOut(
        kind=claim.kind,
        id=claim.id,
        starts_at=claim.starts_at,
        ends_at=claim.ends_at,
        title=claim.purpose if is_hold else (occasion.title if occasion else ""),
        by=INTERNAL if is_hold else ", ".join(occasion.leaders if occasion else ()),
    )
