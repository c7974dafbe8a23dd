"""Meetings ahead, when the circle is another: nobody is expected by somebody who has left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from services.mentoring.domain.facts import Fact, RelationBegan, RelationEnded
from services.mentoring.domain.ids import Username
from services.mentoring.domain.meeting import LIVING_STATES, Arranged, Meeting
from services.mentoring.domain.meetings import cancel_meeting


def after_leaving(
    meeting: Meeting,
    around: frozenset[Username],
    successors: Mapping[Username, Username],
    *,
    by: Username,
    now: datetime,
) -> Arranged:
    """What becomes of a meeting when `around` is who the circle is now.

    Whoever has left holds it no more; a successor takes their place. A meeting that nobody holds
    any more is cancelled: whoever knew of it is told, and its room is given back.
    """
    if meeting.state not in LIVING_STATES or not _is_ahead(meeting, now):
        return meeting, ()
    staff = frozenset(successors.get(each, each) for each in meeting.staff) & around
    if not staff:
        return cancel_meeting(meeting, by=by, now=now)
    return replace(meeting, staff=staff), ()


def successors_of(facts: Iterable[Fact]) -> dict[Username, Username]:
    """Who takes over whose meetings: by a hand-over, if they were let see meetings.

    What the next one sees is somebody's choice; a meeting that is theirs would show itself.
    """
    told = tuple(facts)
    left = [each for each in told if isinstance(each, RelationEnded) and each.why == "handed-over"]
    return {
        gone.username: came.username
        for came in told
        if isinstance(came, RelationBegan) and "meetings" in came.sees
        for gone in left
        if gone.kind == came.kind
    }


def _is_ahead(meeting: Meeting, now: datetime) -> bool:
    times = meeting.times if meeting.wish is None else meeting.wish.times
    return max(meeting.times.starts_at, times.starts_at) > now
