"""`/v1/rooms` and `/v1/room-holds`: the rooms, their days, and internal holds. For staff."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from services.booking.api.room_models import (
    HoldOut,
    NewHold,
    NewRoom,
    RoomDayOut,
    RoomOut,
    Seats,
)
from services.booking.domain.holding import Hold
from services.booking.domain.room import Room
from services.booking.use_cases.hold_room import HoldRoom, HoldWanted, ReleaseHold
from services.booking.use_cases.room_ports import Rooms
from services.booking.use_cases.see_rooms import AddRoom, SaySeats, SeeRoomDay
from shared.kernel.actor import Actor
from shared.web.days import Day
from shared.web.etags import IfMatch, etag
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import Answer, AskedOnce, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_Reader = Annotated[Actor, needs("rooms.read")]
_Writer = Annotated[Actor, needs("rooms.write")]
_Holder = Annotated[Actor, needs("room-holds.write")]
_Day = Annotated[
    Day,
    Path(description="Lokal dag där rummet är, till exempel 2027-01-28.", examples=["2027-01-28"]),
]


@dataclass(frozen=True, slots=True)
class RoomDesk:
    """What the routes ask."""

    rooms: Rooms
    day: SeeRoomDay
    add: AddRoom
    say_seats: SaySeats
    hold: HoldRoom
    release: ReleaseHold


def routes(desk: RoomDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1", tags=["rooms"])
    _reading(router, desk)
    _changing(router, desk)
    _holding(router, desk)
    _releasing(router, desk)
    return router


def _reading(router: APIRouter, desk: RoomDesk) -> None:
    @router.get(
        "/rooms",
        summary="Rum",
        description="Rummen, efter namn: de som är våra och de som tillfällen är i. The rooms, by "
        "name: those that are ours, and those that occasions are in.",
        responses={200: listed_example(RoomOut)},
    )
    async def listed(actor: _Reader, page: Page) -> Listing[RoomOut]:
        found = await desk.rooms.listed(limit=page.limit, offset=page.offset, by=actor)
        return listing([RoomOut.of(each) for each in found.items], found.total, page)

    @router.get(
        "/rooms/{room}",
        summary="Ett rum",
        description="Ett rum, med ETag. One room, with its ETag.",
        responses=documented(RoomOut, 200, "Rummet."),
    )
    async def shown(actor: _Reader, room: str, response: Response) -> RoomOut:
        found = await desk.rooms.read(room, by=actor)
        response.headers["ETag"] = etag(found.version)
        return RoomOut.of(found)

    @router.get(
        "/rooms/{room}/days/{day}",
        summary="Ett rums dag",
        description=SeeRoomDay.__doc__ or "",
        responses=documented(RoomDayOut, 200, "Vem som har rummet när."),
    )
    async def day(actor: _Reader, room: str, day: _Day, response: Response) -> RoomDayOut:
        seen = await desk.day(room, day, by=actor)
        response.headers["ETag"] = etag(seen.day.version)
        return RoomDayOut.of(seen)


def _changing(router: APIRouter, desk: RoomDesk) -> None:
    @router.post(
        "/rooms",
        status_code=201,
        summary="Nytt rum",
        description=AddRoom.__doc__ or "",
        responses=documented(RoomOut, 201, "Rummet finns."),
    )
    async def added(
        actor: _Writer, wanted: Annotated[NewRoom, sent(NewRoom)], once: AskedOnce
    ) -> Response:
        answer = await desk.add(
            wanted.name, wanted.seats, by=actor, once=once, present=_room_answer(201)
        )
        return respond(answer)

    @router.patch(
        "/rooms/{room}",
        summary="Säg hur många som får plats",
        description=SaySeats.__doc__ or "",
        responses=documented(RoomOut, 200, "Rummet som det är nu."),
    )
    async def said(
        actor: _Writer, room: str, wanted: Annotated[Seats, sent(Seats)], version: IfMatch
    ) -> Response:
        present = _room_answer()
        answer = await desk.say_seats(
            room, wanted.seats, version=version, by=actor, present=present
        )
        return respond(answer)


def _holding(router: APIRouter, desk: RoomDesk) -> None:
    @router.post(
        "/room-holds",
        status_code=201,
        summary="Håll ett rum",
        description=HoldRoom.__doc__ or "",
        responses=documented(HoldOut, 201, "Rummet hålls."),
    )
    async def held(
        actor: _Holder, wanted: Annotated[NewHold, sent(NewHold)], once: AskedOnce
    ) -> Response:
        new = HoldWanted(
            room_id=wanted.room,
            starts_local=datetime.fromisoformat(wanted.starts_local),
            zone=wanted.zone,
            minutes=wanted.minutes,
            purpose=wanted.purpose,
        )
        return respond(await desk.hold(new, by=actor, once=once, present=_hold_answer))

    @router.get(
        "/room-holds/{hold_id}",
        summary="Ett hållet rum",
        description="Vad som hålls, med ETag. What is held, with its ETag.",
        responses=documented(HoldOut, 200, "Det som hålls."),
    )
    async def shown(actor: _Reader, hold_id: str, response: Response) -> HoldOut:
        found = await desk.rooms.hold(hold_id, by=actor)
        response.headers["ETag"] = etag(found.version)
        return HoldOut.of(found)


def _releasing(router: APIRouter, desk: RoomDesk) -> None:
    @router.delete(
        "/room-holds/{hold_id}",
        status_code=204,
        summary="Lämna tillbaka ett rum",
        description=ReleaseHold.__doc__ or "",
    )
    async def released(actor: _Holder, hold_id: str, version: IfMatch) -> Response:
        await desk.release(hold_id, version=version, by=actor)
        return Response(status_code=204)


def _room_answer(status: int = 200) -> Callable[[Room], Answer]:
    def present(room: Room) -> Answer:
        headers = {"ETag": etag(room.version)}
        if status == 201:
            headers["Location"] = f"/v1/rooms/{room.id}"
        return Answer.of(status, RoomOut.of(room), headers)

    return present


def _hold_answer(hold: Hold) -> Answer:
    headers = {"ETag": etag(hold.version), "Location": f"/v1/room-holds/{hold.id}"}
    return Answer.of(201, HoldOut.of(hold), headers)
