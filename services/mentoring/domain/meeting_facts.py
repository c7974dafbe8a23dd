"""What happened to a meeting. Nothing here says where it is, with whom or why.

`sequence` counts a meeting's facts from 1; times are aware and in UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.mentoring.domain.ids import CaseId, MeetingId, Username
from shared.kernel.ids import RecipientId


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingFact:
    """Something that happened to one meeting of a case."""

    meeting_id: MeetingId
    case_id: CaseId
    recipient_id: RecipientId
    sequence: int
    at: datetime
    by: Username


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingProposed(MeetingFact):
    """A time is thought of; nobody outside is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomRequested(MeetingFact):
    """Booking is asked for a room; it answers by `answer_by` or the wish is taken back."""

    request_id: str
    room: str | None
    starts_at: datetime
    ends_at: datetime
    zone: str
    people: int
    answer_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomTaken(MeetingFact):
    """The room that booking holds for this request is the meeting's."""

    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomGivenBack(MeetingFact):
    """Whatever booking holds, or comes to hold, for this request is free again."""

    request_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomNotGot(MeetingFact):
    """No room: refused, no answer in time, or taken away. Somebody in the circle decides anew."""

    request_id: str
    why: Literal["refused", "no-answer", "taken-away"]
    tell: tuple[Username, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told(MeetingFact):
    starts_at: datetime
    ends_at: datetime
    zone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingScheduled(_Told):
    """The young person is told of the time, in neutral words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingMoved(_Told):
    """The young person is told of a new time for a meeting that they know of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingCancelled(_Told):
    """A meeting that the young person knew of will not be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDropped(MeetingFact):
    """A meeting that nobody outside knew of will not be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingHappened(MeetingFact):
    """They met, or the young person did not come. A held meeting is a successful contact."""

    held: bool
