"""The programme as it is answered: public facts only."""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.booking.api.occasion_models import ID
from services.booking.domain.activity import ActivityKind
from services.booking.use_cases.see_programme import Choices, Entry

_ENTRY: dict[str, Any] = {
    "id": ID,
    "activity_id": ID,
    "title": "Källkritik och konspirationer",
    "kind": "workshop",
    "description": "En workshop om hur man prövar det man läser.",
    "target_group": "skolklass",
    "starts_at": "2027-01-28T12:30:00Z",
    "ends_at": "2027-01-28T14:00:00Z",
    "zone": "Europe/Stockholm",
    "room": "Sal 2",
    "capacity": 32,
    "free": 3,
    "waiting": 0,
    "cancelled": False,
    "has_started": False,
}


class ProgrammeEntry(BaseModel):
    """An occasion. `free` and `capacity` count people, `waiting` counts parties in line."""

    model_config = ConfigDict(json_schema_extra={"example": _ENTRY})

    id: str
    activity_id: str
    title: str
    kind: ActivityKind
    description: str
    target_group: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    zone: str
    room: str
    capacity: int
    free: int = Field(ge=0)
    waiting: int = Field(ge=0)
    cancelled: bool
    has_started: bool

    @classmethod
    def of(cls, entry: Entry) -> ProgrammeEntry:
        """Field by field: what is not named here leaves nobody's house."""
        occasion = entry.occasion
        return cls(
            id=occasion.id,
            activity_id=occasion.activity_id,
            title=occasion.title,
            kind=occasion.kind,
            description=entry.activity.description if entry.activity else "",
            target_group=occasion.audience,
            starts_at=occasion.starts_at,
            ends_at=occasion.ends_at,
            zone=occasion.zone,
            room=occasion.room,
            capacity=occasion.capacity,
            free=entry.free,
            waiting=entry.waiting,
            cancelled=occasion.cancelled is not None,
            has_started=entry.has_started,
        )


class ChoicesOut(BaseModel):
    """What the programme's filters can be set to."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "kinds": ["lecture", "workshop"],
                "target_groups": ["skolklass", "unga 13–25"],
                "rooms": ["Sal 1", "Sal 2"],
            }
        }
    )

    kinds: list[ActivityKind]
    target_groups: list[str]
    rooms: list[str]

    @classmethod
    def of(cls, choices: Choices) -> ChoicesOut:
        """From the use case."""
        return cls.model_validate(
            {
                "kinds": list(choices.kinds),
                "target_groups": list(choices.audiences),
                "rooms": list(choices.rooms),
            }
        )


class SchoolsOut(BaseModel):
    """Schools whose municipality is known, by name."""

    model_config = ConfigDict(json_schema_extra={"example": {"schools": ["Bergaskolan"]}})

    schools: list[str]
