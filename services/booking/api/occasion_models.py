"""Activities and occasions as they are sent and answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.booking.api.texts import Line, LocalTime, NeededLine, Paragraph
from services.booking.domain.activity import Activity, ActivityKind
from services.booking.domain.occasion import Occasion
from services.booking.domain.place import PlaceState
from services.booking.use_cases.ports import OccasionSummary
from shared.web.whole_number import WholeNumber

ID = "0199c0de-0000-7000-8000-000000000001"
_ACTIVITY: dict[str, Any] = {
    "title": "Källkritik och konspirationer",
    "kind": "workshop",
    "audience": "skolklass",
    "description": "En workshop om hur man prövar det man läser.",
}
_OCCASION: dict[str, Any] = {
    "starts_local": "2027-01-28T13:30:00",
    "zone": "Europe/Stockholm",
    "minutes": 90,
    "room": "Sal 2",
    "capacity": 32,
    "leaders": ["Leyla Sjö"],
    "target_group": "skolklass",
}


class NewActivity(BaseModel):
    """What is to be offered."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _ACTIVITY})

    title: NeededLine
    kind: ActivityKind
    audience: Line = ""
    description: Paragraph = ""


class ActivityOut(NewActivity):
    """What is offered."""

    model_config = ConfigDict(json_schema_extra={"example": {"id": ID, **_ACTIVITY}})

    id: str

    @classmethod
    def of(cls, activity: Activity) -> ActivityOut:
        """From the domain."""
        return cls(
            id=activity.id,
            title=activity.title,
            kind=activity.kind,
            audience=activity.audience,
            description=activity.description,
        )


Minutes = Annotated[int, Field(ge=5, le=10_080, description="längd i minuter")]
Places = Annotated[WholeNumber, Field(ge=1, le=2_000)]
Leaders = Annotated[list[NeededLine], Field(max_length=20)]


class NewOccasion(BaseModel):
    """A dated occurrence of an activity."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"activity_id": ID, **_OCCASION}}
    )

    activity_id: str = Field(max_length=64)
    starts_local: LocalTime
    zone: str = Field(default="Europe/Stockholm", max_length=64, description="IANA-zon")
    minutes: Minutes
    room: NeededLine
    capacity: Places
    leaders: Leaders = Field(default_factory=list)
    target_group: Line | None = None


class OccasionChange(BaseModel):
    """New values; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"capacity": 40}})

    capacity: Places | None = None
    starts_local: LocalTime | None = None
    zone: str | None = Field(default=None, max_length=64)
    minutes: Minutes | None = None
    room: NeededLine | None = None
    leaders: Leaders | None = None
    title: NeededLine | None = None
    target_group: Line | None = None


class OccasionOut(BaseModel):
    """An occasion. Counts are people; `parties` counts bookings."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": ID,
                "activity_id": ID,
                "title": "Källkritik och konspirationer",
                "kind": "workshop",
                "starts_at": "2027-01-28T12:30:00Z",
                "ends_at": "2027-01-28T14:00:00Z",
                **_OCCASION,
                "confirmed": 29,
                "offered": 0,
                "waiting": 61,
                "parties": {"confirmed": 1, "offered": 0, "waiting": 3},
                "flags": [],
                "cancelled": False,
                "version": 4,
            }
        }
    )

    id: str
    activity_id: str
    title: str
    kind: ActivityKind
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    starts_local: str
    zone: str
    minutes: int
    room: str
    capacity: int
    leaders: list[str]
    target_group: str
    confirmed: int
    offered: int
    waiting: int
    parties: dict[PlaceState, int]
    flags: list[str]
    cancelled: bool
    version: int

    @classmethod
    def of(cls, occasion: Occasion) -> OccasionOut:
        """From the aggregate."""
        states: tuple[PlaceState, ...] = ("confirmed", "offered", "waiting")
        return cls.counted(
            occasion,
            {state: occasion.people(state) for state in states},
            {state: occasion.parties(state) for state in states},
        )

    @classmethod
    def of_summary(cls, summary: OccasionSummary) -> OccasionOut:
        """From a list."""
        return cls.counted(summary.occasion, summary.people, summary.parties)

    @classmethod
    def counted(
        cls, occasion: Occasion, people: Mapping[str, int], parties: Mapping[str, int]
    ) -> OccasionOut:
        """With counts from elsewhere."""
        return cls(
            id=occasion.id,
            activity_id=occasion.activity_id,
            title=occasion.title,
            kind=occasion.kind,
            starts_at=occasion.starts_at,
            ends_at=occasion.ends_at,
            starts_local=occasion.starts_local.isoformat(),
            zone=occasion.zone,
            minutes=occasion.minutes,
            room=occasion.room,
            capacity=occasion.capacity,
            leaders=list(occasion.leaders),
            target_group=occasion.audience,
            confirmed=people["confirmed"],
            offered=people["offered"],
            waiting=people["waiting"],
            parties=dict(parties),
            flags=list(occasion.flags),
            cancelled=occasion.cancelled is not None,
            version=occasion.version,
        )


class Reason(BaseModel):
    """Why, in staff's own words; kept."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"reason": "Ledaren är sjuk."}}
    )

    reason: NeededLine
