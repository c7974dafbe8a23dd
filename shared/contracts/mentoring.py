"""What mentoring tells: times, ids and numbers. Nothing here says that somebody has a case.

Every event starts a trace of its own, and nobody outside hears any of them but the statistics.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from shared.contracts.event import Audience, Contract

Why = Literal["rescheduled", "room"]


class _OfMeeting(Contract):
    teller: ClassVar[str] = "mentoring"

    meeting_id: str
    recipient_id: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    zone: str = Field(description="IANA zone in which the wall clock is read")


class MeetingScheduled(_OfMeeting):
    """The recipient is expected at this time. Subject: the meeting.

    No place is told: those who meet know it, and a message that is read by another does not.
    """

    name: ClassVar[str] = "meeting-scheduled"


class MeetingMoved(_OfMeeting):
    """The time is another now. Subject: the meeting."""

    name: ClassVar[str] = "meeting-moved"

    was: AwareDatetime


class MeetingCancelled(_OfMeeting):
    """There will be no meeting at this time. Subject: the meeting."""

    name: ClassVar[str] = "meeting-cancelled"


class AttentionNeeded(Contract):
    """Somebody on the staff should sign in and look. Subject: the notice.

    What it is about stands behind the sign-in, never in the message. `at_once` wakes them at night:
    an emergency access, or worry about somebody under 18, is known within a minute.
    """

    teller: ClassVar[str] = "mentoring"
    name: ClassVar[str] = "attention-needed"

    notice_id: str
    recipient_id: str
    at_once: bool = False


class RoomRequested(Contract):
    """A room is wanted for this time. Subject: the request.

    `room` asks for one by name; without it any that holds `people` will do. An answer that has not
    come by `answer_by` is not waited for: a room that is held later is released again.
    """

    teller: ClassVar[str] = "mentoring"
    name: ClassVar[str] = "room-requested"

    request_id: str
    room: str | None = None
    people: int = Field(ge=1)
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    zone: str = Field(description="IANA zone in which the wall clock is read")
    answer_by: AwareDatetime


class RoomRelease(Contract):
    """The room is not needed after all, held or not yet. Subject: the request."""

    teller: ClassVar[str] = "mentoring"
    name: ClassVar[str] = "room-release"

    request_id: str


class StatisticsPublished(Contract):
    """Counts of a period that has ended, with small groups hidden. Subject: the period.

    The only thing that mentoring tells the outside. A cell is null where it is hidden; the others
    are rounded, so that no two tables can be subtracted to find a person.
    """

    teller: ClassVar[str] = "mentoring"
    name: ClassVar[str] = "statistics-published"
    audience: ClassVar[Audience] = "partner"

    period: str = Field(description="a quarter, e.g. 2027-Q1")
    tables: dict[str, dict[str, int | None]] = Field(
        description="table → row → rounded count, null when fewer than the least that is shown; "
        "a municipality with fewer is left out"
    )
    rounded_to: int = Field(ge=2)
    least_shown: int = Field(ge=5)
