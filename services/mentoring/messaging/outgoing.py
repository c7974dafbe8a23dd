"""Facts about meetings → events. The only place that decides what the world may know; pure.

Nothing here says where, with whom or why. Each event starts a trace of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from services.mentoring.domain import meeting_facts as domain
from services.mentoring.domain.meeting import Meeting
from shared.contracts import mentoring as told
from shared.contracts.event import Contract, News

_AFTER_EVERYTHING = 1_000_000
"""The number of a release that no meeting counts any more."""


def news_of(
    happened: Iterable[domain.MeetingFact],
    *,
    before: Meeting | None = None,
    protected: bool,
) -> list[News]:
    """The events that tell of the facts, in order; most facts concern nobody outside.

    `before` is the meeting as it was. Of a `protected` case no request names a room, as it would be
    the same one again; and nobody outside is told of a time.
    """
    return [news for fact in happened if (news := _news(fact, before, protected)) is not None]


def room_release(request_id: str) -> News:
    """A room that is held for a meeting which is no more is given back."""
    return _of(told.RoomRelease(request_id=request_id), request_id, _AFTER_EVERYTHING)


def _news(fact: Any, before: Meeting | None, protected: bool) -> News | None:
    if isinstance(fact, domain.RoomRequested):
        return _of(_requested(fact, protected), fact.request_id, fact.sequence)
    if isinstance(fact, domain.RoomGivenBack):
        data = told.RoomRelease(request_id=fact.request_id)
        return _of(data, fact.request_id, fact.sequence)
    if protected:
        return None
    if isinstance(fact, domain.MeetingMoved):
        was = fact.starts_at if before is None else before.times.starts_at
        return _of(told.MeetingMoved(**_times(fact), was=was), fact.meeting_id, fact.sequence)
    teller = _TOLD.get(type(fact))
    if teller is None:
        return None
    return _of(teller(**_times(fact)), fact.meeting_id, fact.sequence)


_TOLD: Mapping[type[domain.MeetingFact], Callable[..., Contract]] = {
    domain.MeetingScheduled: told.MeetingScheduled,
    domain.MeetingCancelled: told.MeetingCancelled,
}


def _of(data: Contract, subject: str, sequence: int) -> News:
    return News(data, subject=subject, sequence=sequence, fresh_trace=True)


def _times(fact: Any) -> dict[str, Any]:
    return {
        "meeting_id": fact.meeting_id,
        "recipient_id": fact.recipient_id,
        "starts_at": fact.starts_at,
        "ends_at": fact.ends_at,
        "zone": fact.zone,
    }


def _requested(fact: domain.RoomRequested, protected: bool) -> told.RoomRequested:
    return told.RoomRequested(
        request_id=fact.request_id,
        room=None if protected else fact.room,
        people=fact.people,
        starts_at=fact.starts_at,
        ends_at=fact.ends_at,
        zone=fact.zone,
        answer_by=fact.answer_by,
    )
