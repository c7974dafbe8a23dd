"""How a meeting gets a room from booking: asked for, answered and given back by event.

A meeting that is scheduled keeps its room and its time until the new room is held: a move never
ends with neither. Whatever booking holds for a request that no longer counts is given back, also
when the answer comes late, twice or after a cancellation.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from services.mentoring.domain.ids import CLOCKWORK, Username
from services.mentoring.domain.meeting import (
    LIVING_STATES,
    Arranged,
    Meeting,
    MeetingState,
    RoomHeld,
    ensure_in,
    settle,
    tell,
    wish_for,
)
from services.mentoring.domain.meeting_facts import RoomGivenBack, RoomNotGot, RoomTaken
from services.mentoring.domain.meeting_rules import MeetingIsPast, NotInThisState


def ask_for_room(
    meeting: Meeting, request_id: str, room: str | None, *, by: Username, now: datetime
) -> Arranged:
    """Ask booking for a room at the meeting's time; raises NotInThisState or MeetingIsPast.

    A scheduled meeting that has no room yet may ask too, and stays told of its time.
    """
    ensure_in(meeting, "proposed", "scheduled")
    if meeting.held_room is not None:
        raise NotInThisState
    if meeting.times.starts_at <= now:
        raise MeetingIsPast
    return wish_for(meeting, request_id, room, meeting.times, by=by, now=now)


def take_room(
    meeting: Meeting, request_id: str, room: str, *, by: Username = CLOCKWORK, now: datetime
) -> Arranged:
    """Booking holds a room. It settles the meeting, or is given back when nobody waits for it.

    The same answer twice is quiet.
    """
    if meeting.held_room is not None and meeting.held_room.request_id == request_id:
        return meeting, ()
    wish = meeting.wish
    if meeting.state != "awaiting-room" or wish is None or wish.request_id != request_id:
        return tell(meeting, RoomGivenBack, by=by, now=now, request_id=request_id)
    before = meeting.held_room
    got = replace(
        meeting,
        state="scheduled",
        wish=None,
        held_room=RoomHeld(request_id, room),
        times=wish.times,
    )
    got, facts = tell(got, RoomTaken, by=by, now=now, request_id=request_id)
    if not meeting.told or wish.times != meeting.times:
        got, settled = settle(got, by=by, now=now)
        facts += settled
    if before is not None:
        got, back = tell(got, RoomGivenBack, by=by, now=now, request_id=before.request_id)
        facts += back
    return got, facts


def room_is_refused(
    meeting: Meeting, request_id: str, *, by: Username = CLOCKWORK, now: datetime
) -> Arranged:
    """Booking has no room: the meeting is what it was before it asked. Old answers are quiet."""
    if meeting.wish is None or meeting.wish.request_id != request_id:
        return meeting, ()
    return _without_room(meeting, request_id, "refused", by=by, now=now)


def room_is_taken_away(
    meeting: Meeting, request_id: str, *, by: Username = CLOCKWORK, now: datetime
) -> Arranged:
    """Booking let the room go: the meeting keeps its time and somebody in the circle is told."""
    held = meeting.held_room
    if held is None or held.request_id != request_id or meeting.state not in LIVING_STATES:
        return meeting, ()
    bare = replace(meeting, held_room=None)
    whom = tuple(sorted(meeting.staff))
    return tell(
        bare, RoomNotGot, by=by, now=now, request_id=request_id, why="taken-away", tell=whom
    )


def check_room(meeting: Meeting, *, by: Username = CLOCKWORK, now: datetime) -> Arranged:
    """No answer in time: the wish is taken back, and a late answer will be too. Else quiet."""
    wish = meeting.wish
    if meeting.state != "awaiting-room" or wish is None or now < wish.answer_by:
        return meeting, ()
    meeting, facts = _without_room(meeting, wish.request_id, "no-answer", by=by, now=now)
    meeting, back = tell(meeting, RoomGivenBack, by=by, now=now, request_id=wish.request_id)
    return meeting, facts + back


def _without_room(
    meeting: Meeting, request_id: str, why: str, *, by: Username, now: datetime
) -> Arranged:
    state: MeetingState = "scheduled" if meeting.told else "proposed"
    back = replace(meeting, state=state, wish=None)
    whom = tuple(sorted(meeting.staff))
    return tell(back, RoomNotGot, by=by, now=now, request_id=request_id, why=why, tell=whom)
