"""One meeting of a case: its times, who takes part, where it stands, and its room if it has one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args

from services.mentoring.domain.ids import CaseId, MeetingId, Username
from services.mentoring.domain.meeting_facts import (
    MeetingFact,
    MeetingMoved,
    MeetingScheduled,
    RoomRequested,
)
from services.mentoring.domain.meeting_rules import NotInThisState
from shared.kernel.ids import RecipientId
from shared.kernel.wall_clock import to_utc

MeetingState = Literal["proposed", "awaiting-room", "scheduled", "held", "missed", "cancelled"]
STATES: tuple[MeetingState, ...] = get_args(MeetingState)
LIVING_STATES: frozenset[MeetingState] = frozenset({"proposed", "awaiting-room", "scheduled"})

ANSWER_WITHIN = timedelta(minutes=15)
"""How long booking has to answer before the wish for a room is taken back."""


@dataclass(frozen=True, slots=True)
class Times:
    """Wall-clock time (naive) in an IANA zone, and a length in minutes."""

    starts_local: datetime
    zone: str
    minutes: int

    @property
    def starts_at(self) -> datetime:
        """The start, aware and in UTC."""
        return to_utc(self.starts_local, self.zone)

    @property
    def ends_at(self) -> datetime:
        """The end, aware and in UTC."""
        return self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class RoomWish:
    """What booking was asked: `room` None takes any. `times` are what the meeting will have."""

    request_id: str
    room: str | None
    times: Times
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class RoomHeld:
    """A room that booking holds for the meeting."""

    request_id: str
    room: str


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting of a case. `told`: the young person knows of it. `version` is storage's."""

    id: MeetingId
    case_id: CaseId
    recipient_id: RecipientId
    times: Times
    staff: frozenset[Username]
    people: int
    state: MeetingState
    arranged_by: Username
    wish: RoomWish | None = None
    held_room: RoomHeld | None = None
    told: bool = False
    sequence: int = 0
    version: int = 0


Arranged = tuple[Meeting, tuple[MeetingFact, ...]]
"""What every command gives: the meeting as it is now, and what happened."""


def ensure_in(meeting: Meeting, *states: MeetingState) -> None:
    """Raises NotInThisState unless the meeting stands in one of the states."""
    if meeting.state not in states:
        raise NotInThisState(state=meeting.state)


def when(meeting: Meeting) -> dict[str, object]:
    """The times as the facts carry them."""
    times = meeting.times
    return {"starts_at": times.starts_at, "ends_at": times.ends_at, "zone": times.zone}


def settle(meeting: Meeting, *, by: Username, now: datetime) -> Arranged:
    """The meeting stands, and the young person is told: of it, or of its new time."""
    fact = MeetingMoved if meeting.told else MeetingScheduled
    settled = replace(meeting, state="scheduled", told=True)
    return tell(settled, fact, by=by, now=now, **when(meeting))


def wish_for(
    meeting: Meeting,
    request_id: str,
    room: str | None,
    times: Times,
    *,
    by: Username,
    now: datetime,
) -> Arranged:
    """Ask booking for a room at these times, and wait."""
    wish = RoomWish(request_id, room, times, now + ANSWER_WITHIN)
    return tell(
        replace(meeting, state="awaiting-room", wish=wish),
        RoomRequested,
        by=by,
        now=now,
        request_id=request_id,
        room=room,
        starts_at=times.starts_at,
        ends_at=times.ends_at,
        zone=times.zone,
        people=meeting.people,
        answer_by=wish.answer_by,
    )


def tell(
    meeting: Meeting,
    fact: Callable[..., MeetingFact],
    *,
    by: Username,
    now: datetime,
    **what: object,
) -> Arranged:
    """Note one fact under the meeting's next sequence."""
    sequence = meeting.sequence + 1
    told = fact(
        meeting_id=meeting.id,
        case_id=meeting.case_id,
        recipient_id=meeting.recipient_id,
        sequence=sequence,
        at=now,
        by=by,
        **what,
    )
    return replace(meeting, sequence=sequence), (told,)
