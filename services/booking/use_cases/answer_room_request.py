"""Another service of the house asks for a room by event, and gives it back.

What is held for it is a hold like any other. Which request it stands for is kept apart, where no
route reads it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from services.booking.domain.holding import Hold, ensure_may_be_held
from services.booking.domain.room import Room, smallest_fitting
from services.booking.domain.room_rules import HoldIsPast, RoomIsTaken
from services.booking.use_cases.decisions import Decisions
from services.booking.use_cases.hold_room import give_back, new_hold, take
from services.booking.use_cases.ports import Saving, Session
from services.booking.use_cases.records import RoomRequest
from services.booking.use_cases.room_ports import Rooms, TellRoom
from shared.kernel.actor import Actor
from shared.kernel.refusal import Refusal

Why = Literal["taken", "no-room", "too-late", "unknown-room"]


@dataclass(frozen=True, slots=True)
class RoomAsked:
    """What is asked for: a room by its name or id, or any that seats so many."""

    request_id: str
    room: str | None
    people: int
    starts_at: datetime
    ends_at: datetime
    zone: str
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class AnswerRoomRequest:
    """Hold a room for a request, or say why not. Asked once; a released request stays released."""

    rooms: Rooms
    decisions: Decisions
    tell_held: TellRoom
    tell_refused: TellRoom

    async def __call__(self, asked: RoomAsked, *, by: Actor, session: Session) -> bool:
        """Whether it was answered; False for one that had its answer, or was released before."""
        if await self.rooms.request(asked.request_id, by=by, session=session) is not None:
            return False
        saving = Saving()
        found = await self._hold(asked, saving, by, session)
        if isinstance(found, Hold):
            saving.room_requests.append(RoomRequest(asked.request_id, "held", found.id))
            saving.told.append((self.tell_held(asked.request_id, found.room), None))
        else:
            saving.room_requests.append(RoomRequest(asked.request_id, "refused"))
            saving.told.append((self.tell_refused(asked.request_id, found), None))
        await self.decisions.ledger.save(saving, session=session)
        return True

    async def _hold(
        self, asked: RoomAsked, saving: Saving, by: Actor, session: Session
    ) -> Hold | Why:
        now = self.decisions.moment().now
        if now >= asked.answer_by:
            return "too-late"
        try:
            ensure_may_be_held(asked.starts_at, asked.ends_at, now)
        except Refusal as refusal:
            return "too-late" if isinstance(refusal, HoldIsPast) else "no-room"
        rooms = await self._candidates(asked, by, session)
        if not rooms:
            return "no-room" if asked.room is None else "unknown-room"
        for room in rooms:
            hold = new_hold(room, asked.starts_at, asked.ends_at, zone=asked.zone)
            try:
                await take(self.decisions.ledger, saving, hold, session=session)
            except RoomIsTaken:
                continue
            return hold
        return "no-room" if asked.room is None else "taken"

    async def _candidates(self, asked: RoomAsked, by: Actor, session: Session) -> list[Room]:
        if asked.room is None:
            seating = await self.rooms.seating(asked.people, by=by, session=session)
            return smallest_fitting(seating, asked.people)
        room = await self.rooms.called(asked.room, by=by, session=session)
        return [] if room is None else [room]


@dataclass(frozen=True, slots=True)
class ReleaseRequestedRoom:
    """The room of a request is not needed. One that overtakes its request ends it before it is."""

    rooms: Rooms
    decisions: Decisions
    tell: TellRoom

    async def __call__(self, request_id: str, *, by: Actor, session: Session) -> bool:
        """Whether it changed anything; False for one that holds nothing any more."""
        ledger, saving = self.decisions.ledger, Saving()
        known = await self.rooms.request(request_id, by=by, session=session)
        if known is not None and known.state != "held":
            return False
        if known is not None and known.hold_id is not None:
            hold = await self.rooms.hold(known.hold_id, by=by, session=session)
            await give_back(ledger, saving, hold, session=session)
        request = known or RoomRequest(request_id, "released")
        saving.room_requests.append(replace(request, state="released", hold_id=None))
        saving.told.append((self.tell(request_id), None))
        await ledger.save(saving, session=session)
        return True
