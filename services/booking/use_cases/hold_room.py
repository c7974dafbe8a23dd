"""Staff hold a room for something of the house's own, and give it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

from services.booking.domain.holding import Hold, ensure_may_be_held, ensure_purpose
from services.booking.domain.occupying import freed_of
from services.booking.domain.room import Room
from services.booking.domain.room_day import days_of, held
from services.booking.use_cases.decisions import Decisions, ensure_seen
from services.booking.use_cases.ports import Ledger, Saving, Session
from services.booking.use_cases.room_ports import Rooms, TellRoom
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id
from shared.kernel.wall_clock import ensure_exists_once, to_utc
from shared.observability.cause import current_cause

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class HoldWanted:
    """A room by its id, and naive local time in a zone."""

    room_id: str
    starts_local: datetime
    zone: str
    minutes: int
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class HoldRoom:
    """Hold a room for something internal. A hold never overlaps anything.

    All holds look alike, whoever in the house needs the room; a line about the purpose is optional.
    """

    rooms: Rooms
    decisions: Decisions

    async def __call__(
        self, wanted: HoldWanted, *, by: Actor, once: Any, present: Callable[[Hold], A]
    ) -> A:
        """Raises NotFound for an unknown room, RoomIsTaken, and what the domain refuses."""
        ensure_exists_once(wanted.starts_local, wanted.zone)
        room = await self.rooms.read(wanted.room_id, by=by)
        starts_at = to_utc(wanted.starts_local, wanted.zone)
        ends_at = starts_at + timedelta(minutes=wanted.minutes)
        ensure_may_be_held(starts_at, ends_at, self.decisions.moment().now)
        hold = new_hold(
            room, starts_at, ends_at, zone=wanted.zone, purpose=ensure_purpose(wanted.purpose)
        )

        async def make() -> tuple[Saving, A]:
            saving = Saving()
            await take(self.decisions.ledger, saving, hold)
            return saving, present(hold)

        return await self.decisions.save_made(make, once)


@dataclass(frozen=True, slots=True)
class ReleaseHold:
    """Give a room back. An occasion that a hold was in the way of loses its flag."""

    rooms: Rooms
    decisions: Decisions
    tell: TellRoom

    async def __call__(self, hold_id: str, *, version: int, by: Actor) -> None:
        """Raises NotFound or ChangedElsewhere."""

        async def make() -> tuple[Saving, None]:
            hold = await self.rooms.hold(hold_id, by=by)
            ensure_seen(version, hold.version)
            saving = Saving()
            await give_back(self.decisions.ledger, saving, hold)
            request = await self.rooms.request_behind(hold_id, by=by)
            if request is not None:
                saving.room_requests.append(replace(request, state="released", hold_id=None))
                saving.told.append((self.tell(request.id), current_cause()))
            return saving, None

        await self.decisions.save_made(make, None)


def new_hold(
    room: Room, starts_at: datetime, ends_at: datetime, *, zone: str, purpose: str = ""
) -> Hold:
    """Under an id of its own, which says nothing of who asked."""
    return Hold(new_id(), room.id, room.name, starts_at, ends_at, zone, purpose)


async def take(ledger: Ledger, saving: Saving, hold: Hold, *, session: Session = None) -> None:
    """Put a hold into the days that it touches. Raises RoomIsTaken."""
    keys = days_of(hold.room_id, hold.starts_at, hold.ends_at)
    days = await ledger.days(keys, session=session)
    saving.room_days.extend(held(days, keys, hold.claim))
    saving.new_holds.append(hold)


async def give_back(ledger: Ledger, saving: Saving, hold: Hold, *, session: Session = None) -> None:
    """Take a hold out of the days that it touched."""
    keys = days_of(hold.room_id, hold.starts_at, hold.ends_at)
    days = await ledger.days(keys, session=session)
    free = {key: day.without(hold.id) for key, day in days.items()}
    saving.room_days.extend(free.values())
    saving.gone_holds.append(hold)
    saving.unflagged.extend(freed_of(free, hold.claim))
