"""Meetings are proposed, scheduled, moved, cancelled, and held or missed. Rooms are `rooms`' work.

proposed ──ask──▶ awaiting-room ──room held──▶ scheduled ──▶ held | missed
   │                   │ refused, or no answer      ▲
   └─── schedule ──────┼────────────────────────────┘     the first three ──▶ cancelled
                       └─▶ back to what it was before
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.mentoring.domain.case import Case, stay
from services.mentoring.domain.ids import MeetingId, Username
from services.mentoring.domain.meeting import (
    LIVING_STATES,
    Arranged,
    Meeting,
    Times,
    ensure_in,
    settle,
    tell,
    when,
    wish_for,
)
from services.mentoring.domain.meeting_facts import (
    MeetingCancelled,
    MeetingDropped,
    MeetingFact,
    MeetingHappened,
    MeetingProposed,
    RoomGivenBack,
)
from services.mentoring.domain.meeting_rules import (
    MeetingIsAhead,
    MeetingIsPast,
    MeetingLength,
    MeetingPeople,
    StaffMissing,
)
from shared.kernel.wall_clock import ensure_exists_once

LEAST_MINUTES, MOST_MINUTES = 5, 480
LEAST_PEOPLE, MOST_PEOPLE = 2, 20


def propose_meeting(
    case: Case,
    meeting_id: MeetingId,
    times: Times,
    *,
    staff: frozenset[Username],
    people: int = LEAST_PEOPLE,
    by: Username,
    now: datetime,
) -> Arranged:
    """A time is thought of, with staff from the circle; `people` counts everybody.

    Raises NotInThisPhase, StaffMissing, MeetingPeople, MeetingLength, MeetingIsPast, or what the
    zone says of the time (TimeDoesNotExist, TimeIsAmbiguous, UnknownTimeZone).
    """
    stay(case, "arrange-meeting")
    if not staff or any(case.relation(name) is None for name in staff):
        raise StaffMissing
    if not LEAST_PEOPLE <= people <= MOST_PEOPLE:
        raise MeetingPeople(least=LEAST_PEOPLE, most=MOST_PEOPLE)
    _ensure_times(times, now)
    meeting = Meeting(meeting_id, case.id, case.recipient_id, times, staff, people, "proposed", by)
    return tell(meeting, MeetingProposed, by=by, now=now)


def schedule(meeting: Meeting, *, by: Username, now: datetime) -> Arranged:
    """Settle a proposed meeting without a room of booking's.

    Raises NotInThisState or MeetingIsPast.
    """
    ensure_in(meeting, "proposed")
    if meeting.times.starts_at <= now:
        raise MeetingIsPast
    return settle(meeting, by=by, now=now)


def move_meeting(
    meeting: Meeting, times: Times, request_id: str, *, by: Username, now: datetime
) -> Arranged:
    """Another time. With a room held or wished for, booking is asked anew under `request_id`.

    Raises NotInThisState, MeetingLength, MeetingIsPast or what the zone says of the time.
    """
    ensure_in(meeting, *LIVING_STATES)
    _ensure_times(times, now)
    if meeting.wish is None and meeting.held_room is None:
        moved = replace(meeting, times=times)
        return settle(moved, by=by, now=now) if meeting.state == "scheduled" else (moved, ())
    facts: tuple[MeetingFact, ...] = ()
    room = meeting.wish.room if meeting.wish else None
    if meeting.wish is not None:
        meeting, facts = tell(
            meeting, RoomGivenBack, by=by, now=now, request_id=meeting.wish.request_id
        )
    elif meeting.held_room is not None:
        room = meeting.held_room.room
    meeting, wished = wish_for(meeting, request_id, room, times, by=by, now=now)
    return meeting, facts + wished


def cancel_meeting(meeting: Meeting, *, by: Username, now: datetime) -> Arranged:
    """It will not be; its room, held or wished for, is given back. Raises NotInThisState."""
    ensure_in(meeting, *LIVING_STATES)
    gone = replace(meeting, state="cancelled", wish=None, held_room=None)
    if meeting.told:
        gone, facts = tell(gone, MeetingCancelled, by=by, now=now, **when(meeting))
    else:
        gone, facts = tell(gone, MeetingDropped, by=by, now=now)
    for claim in (meeting.wish, meeting.held_room):
        if claim is not None:
            gone, back = tell(gone, RoomGivenBack, by=by, now=now, request_id=claim.request_id)
            facts += back
    return gone, facts


def record_meeting(meeting: Meeting, *, held: bool, by: Username, now: datetime) -> Arranged:
    """They met, or the young person did not come; raises NotInThisState or MeetingIsAhead."""
    ensure_in(meeting, "scheduled")
    if now < meeting.times.starts_at:
        raise MeetingIsAhead
    done = replace(meeting, state="held" if held else "missed")
    return tell(done, MeetingHappened, by=by, now=now, held=held)


def _ensure_times(times: Times, now: datetime) -> None:
    if not LEAST_MINUTES <= times.minutes <= MOST_MINUTES:
        raise MeetingLength(least=LEAST_MINUTES, most=MOST_MINUTES)
    ensure_exists_once(times.starts_local, times.zone)
    if times.starts_at <= now:
        raise MeetingIsPast
