"""Meetings as they are sent and read."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StrictBool

from services.mentoring.api.case_models import AT, ID, Text, Username
from services.mentoring.domain.ids import Username as Name
from services.mentoring.domain.meeting import MeetingState, Times
from services.mentoring.use_cases.arrange_meeting import MeetingWanted, RoomWanted
from services.mentoring.use_cases.records import Opened
from shared.web.whole_number import WholeNumber

_TIMES: dict[str, Any] = {
    "starts_local": "2027-01-28T15:00",
    "zone": "Europe/Stockholm",
    "minutes": 60,
}


def _in_the_calendar(text: str) -> str:
    datetime.fromisoformat(text)
    return text


LocalTime = Annotated[
    str,
    Field(
        pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9](:00)?$",
        description="Lokal väggklocktid utan zon, till exempel 2027-01-28T15:00.",
    ),
    AfterValidator(_in_the_calendar),
]


class TimesIn(BaseModel):
    """When: wall-clock time in a zone, and how long."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _TIMES})

    starts_local: LocalTime
    zone: str = Field(default="Europe/Stockholm", max_length=64, description="IANA-zon")
    minutes: WholeNumber = Field(ge=1, le=10_000, description="längd i minuter")

    def times(self) -> Times:
        """As the domain has them."""
        return Times(datetime.fromisoformat(self.starts_local), self.zone, self.minutes)


class RoomIn(BaseModel):
    """A room of booking's: by its name, or, without one, any that holds everybody."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"name": None}})

    name: str | None = Field(default=None, min_length=1, max_length=120)

    def wanted(self) -> RoomWanted:
        """As the use case takes it."""
        return RoomWanted(self.name)


class MeetingIn(TimesIn):
    """A meeting with staff from the circle. `people` counts everybody who comes."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                **_TIMES,
                "staff": ["idris.vik"],
                "people": 2,
                "text": "Vi går igenom planen.",
                "room": {"name": None},
            }
        },
    )

    staff: list[Username] = Field(min_length=1, max_length=20)
    people: WholeNumber = Field(default=2, ge=1, le=1_000)
    text: Text = ""
    room: RoomIn | None = None

    def wanted(self) -> MeetingWanted:
        """As the use case takes it."""
        return MeetingWanted(
            times=self.times(),
            staff=frozenset(map(Name, self.staff)),
            people=self.people,
            text=self.text,
            room=self.room.wanted() if self.room else None,
        )


class SettlingIn(BaseModel):
    """With a room, or, without one, as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"room": None}})

    room: RoomIn | None = None


class OutcomeIn(BaseModel):
    """Whether they met."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"held": True, "text": "Ett gott möte."}}
    )

    held: StrictBool
    text: Text = ""


class MeetingOut(BaseModel):
    """A meeting. While it waits for a room at another time, the time is still the old one."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": ID,
                "author": "karin.holm",
                "at": AT,
                "state": "scheduled",
                **_TIMES,
                "starts_at": "2027-01-28T14:00:00Z",
                "ends_at": "2027-01-28T15:00:00Z",
                "staff": ["idris.vik"],
                "people": 2,
                "room": "Sal 2",
                "awaits_room_until": None,
                "text": "Vi går igenom planen.",
            }
        }
    )

    id: str
    author: str
    at: AwareDatetime
    state: MeetingState
    starts_local: str
    zone: str
    minutes: int
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    staff: list[str]
    people: int
    room: str | None
    awaits_room_until: AwareDatetime | None
    text: str

    @classmethod
    def of(cls, opened: Opened) -> MeetingOut:
        """From what a recorded reading opened."""
        facts = opened.facts
        at, wish = facts["times"], facts["wish"]
        times = Times(datetime.fromisoformat(at["starts_local"]), at["zone"], at["minutes"])
        return cls(
            id=opened.id,
            author=facts["author"],
            at=facts["at"],
            state=facts["state"],
            starts_local=at["starts_local"],
            zone=times.zone,
            minutes=times.minutes,
            starts_at=times.starts_at,
            ends_at=times.ends_at,
            staff=facts["staff"],
            people=facts["people"],
            room=opened.words.get("room"),
            awaits_room_until=wish["answer_by"] if wish else None,
            text=opened.words["text"],
        )
