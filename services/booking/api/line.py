"""`/v1/occasions/{id}/line`: who waits, and staff's way to change the order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.booking.api.answering import occasion_answer
from services.booking.api.line_models import LineMoveOut, LineMoveWanted, LineOut
from services.booking.use_cases.move_in_line import MoveInLine
from services.booking.use_cases.see_booking import SeeOccasion
from services.booking.use_cases.see_line_moves import SeeLineMoves
from shared.kernel.actor import Actor
from shared.kernel.ids import BookingId, OccasionId
from shared.web.etags import IfMatch, etag
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs


@dataclass(frozen=True, slots=True)
class LineDesk:
    """What the routes ask."""

    see: SeeOccasion
    line_moves: SeeLineMoves
    move_in_line: MoveInLine


def routes(desk: LineDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/occasions", tags=["line"])
    _reading(router, desk)
    _moving(router, desk)
    return router


def _reading(router: APIRouter, desk: LineDesk) -> None:
    @router.get(
        "/{occasion_id}/line",
        summary="Kön",
        description="Vilka som väntar eller har ett erbjudande, i köordning. Who waits or has an "
        "offer, in order.",
        responses=documented(LineOut, 200, "Kön, med tillfällets ETag."),
    )
    async def line(
        actor: Annotated[Actor, needs("line.read")],
        occasion_id: str,
        response: Response,
    ) -> LineOut:
        occasion = await desk.see(OccasionId(occasion_id), by=actor)
        response.headers["ETag"] = etag(occasion.version)
        return LineOut.of(occasion)

    @router.get(
        "/{occasion_id}/line-moves",
        summary="Flyttar i kön",
        description="Vem som har flyttat vem i kön, och varför. Who moved whom, and why.",
        responses={200: listed_example(LineMoveOut)},
    )
    async def moves(
        actor: Annotated[Actor, needs("line.read")],
        occasion_id: str,
        page: Page,
    ) -> Listing[LineMoveOut]:
        found = await desk.line_moves(
            OccasionId(occasion_id), limit=page.limit, offset=page.offset, by=actor
        )
        return listing([LineMoveOut.of(each) for each in found.items], found.total, page)


def _moving(router: APIRouter, desk: LineDesk) -> None:
    @router.post(
        "/{occasion_id}/line-moves",
        status_code=201,
        summary="Flytta någon i kön",
        description=MoveInLine.__doc__ or "",
        responses=documented(LineOut, 201, "Kön som den är nu."),
    )
    async def moved(
        actor: Annotated[Actor, needs("line.move")],
        occasion_id: str,
        wanted: Annotated[LineMoveWanted, sent(LineMoveWanted)],
        version: IfMatch,
        once: AskedOnce,
    ) -> Response:
        answer = await desk.move_in_line(
            OccasionId(occasion_id),
            BookingId(wanted.booking_id),
            position=wanted.position,
            reason=wanted.reason,
            version=version,
            by=actor,
            once=once,
            present=occasion_answer(LineOut.of, 201),
        )
        return respond(answer)
