"""What became of a request for a room. The only words about it that leave the service; pure.

Each starts a trace of its own: nothing joins it to the member of staff who may have caused it.
"""

from __future__ import annotations

from services.booking.use_cases.answer_room_request import Why
from shared.contracts.booking import RoomHeld, RoomRefused, RoomReleased
from shared.contracts.event import Contract, News


def room_held(request_id: str, room: str) -> News:
    """A room is held for the request."""
    return _news(RoomHeld(request_id=request_id, room=room), request_id, 1)


def room_refused(request_id: str, why: Why) -> News:
    """There is none for it."""
    return _news(RoomRefused(request_id=request_id, why=why), request_id, 1)


def room_released(request_id: str) -> News:
    """Nothing is held for it any more."""
    return _news(RoomReleased(request_id=request_id), request_id, 2)


def _news(told: Contract, request_id: str, sequence: int) -> News:
    return News(told, subject=request_id, sequence=sequence, fresh_trace=True)
