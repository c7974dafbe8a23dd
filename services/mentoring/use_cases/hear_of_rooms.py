"""What booking answers about rooms, and what happens when it does not answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.mentoring.domain.meeting import Arranged, Meeting
from services.mentoring.domain.rooms import (
    check_room,
    room_is_refused,
    room_is_taken_away,
    take_room,
)
from services.mentoring.use_cases.attention import Attention
from services.mentoring.use_cases.meeting_records import Meetings, Stored, TellMeeting
from services.mentoring.use_cases.ports import Cases, Ledger, Saving, Session
from shared.contracts.event import News
from shared.kernel.actor import Actor, housekeeping
from shared.kernel.clock import Clock
from shared.kernel.refusal import VersionConflict

_BY = housekeeping("check-rooms")
Decide = Callable[[Meeting, datetime], Arranged]


@dataclass(frozen=True, slots=True)
class HearOfRooms:
    """An answer settles the meeting that waits for it. One that nobody waits for is given back."""

    cases: Cases
    meetings: Meetings
    ledger: Ledger
    attention: Attention
    tell: TellMeeting
    give_back: Callable[[str], News]
    clock: Clock

    async def held(self, request_id: str, room: str, *, by: Actor, session: Session) -> bool:
        """Booking holds a room; whether anybody knew of the request."""
        known = await self._heard(
            request_id, lambda m, now: take_room(m, request_id, room, now=now), by, session
        )
        if not known:
            # The meeting is gone, and the person with it perhaps: nobody else gives it back.
            await self.ledger.save(Saving(told=[self.give_back(request_id)]), session=session)
        return known

    async def refused(self, request_id: str, *, by: Actor, session: Session) -> bool:
        """Booking has none; whether anybody knew of the request."""
        return await self._heard(
            request_id, lambda m, now: room_is_refused(m, request_id, now=now), by, session
        )

    async def released(self, request_id: str, *, by: Actor, session: Session) -> bool:
        """Booking let it go, as we asked or by itself; whether anybody knew of the request."""
        return await self._heard(
            request_id, lambda m, now: room_is_taken_away(m, request_id, now=now), by, session
        )

    async def check(self) -> int:
        """Take back the wishes that got no answer; how many."""
        found = list(await self.meetings.unanswered(self.clock.now(), by=_BY))
        for stored in found:
            try:
                await self._decide(stored, lambda m, now: check_room(m, now=now), None)
            except VersionConflict:
                continue  # somebody was faster; the clockwork comes again
        return len(found)

    async def _heard(self, request_id: str, decide: Decide, by: Actor, session: Session) -> bool:
        stored = await self.meetings.of_request(request_id, by=by, session=session)
        if stored is None:
            return False
        await self._decide(stored, decide, session)
        # What was asked may have named a room, and need not be kept.
        await self.ledger.save(Saving(answered=[request_id]), session=session)
        return True

    async def _decide(self, stored: Stored, decide: Decide, session: Session) -> None:
        meeting, facts = decide(stored.meeting, self.clock.now())
        if not facts and meeting == stored.meeting:
            return
        case = await self.cases.load(meeting.case_id, by=_BY, session=session)
        notices = await self.attention.of(facts)
        document = await self.meetings.changed(stored, meeting, facts)
        saving = Saving(
            inserts=notices.inserts,
            replaces=[(self.meetings.name, document)],
            told=[
                *self.tell(facts, before=stored.meeting, protected=case.protected),
                *notices.told,
            ],
        )
        await self.ledger.save(saving, session=session)
