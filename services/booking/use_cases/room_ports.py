"""What the use cases about rooms need from outside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from services.booking.domain.holding import Hold
from services.booking.domain.room import Room
from services.booking.use_cases.ports import Page, Session
from services.booking.use_cases.records import RoomRequest
from shared.contracts.event import News
from shared.kernel.actor import Actor


class Rooms(Protocol):
    """Reading rooms and what is held in them."""

    async def read(self, id_: str, *, by: Actor) -> Room:
        """Raises NotFound."""
        ...

    async def called(self, name: str, *, by: Actor, session: Session = None) -> Room | None:
        """By its id or its name, however that is spelled."""
        ...

    async def listed(self, *, limit: int, offset: int, by: Actor) -> Page:
        """By name."""
        ...

    async def seating(self, people: int, *, by: Actor, session: Session = None) -> list[Room]:
        """Those that are known to seat so many."""
        ...

    async def hold(self, hold_id: str, *, by: Actor, session: Session = None) -> Hold:
        """Raises NotFound."""
        ...

    async def request(
        self, request_id: str, *, by: Actor, session: Session = None
    ) -> RoomRequest | None:
        """What became of a request so far."""
        ...

    async def request_behind(self, hold_id: str, *, by: Actor) -> RoomRequest | None:
        """The request that a hold stands for, if there is one."""
        ...


TellRoom = Callable[..., News]
"""What became of a request → an event (`messaging.room_news`)."""
