"""`/v1/occasions/{id}/needs` and `…/attendance`: the day itself, for those who are there."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.booking.api.answering import occasion_answer
from services.booking.api.day_models import (
    CameOne,
    CameOut,
    CameWanted,
    ExpectedOne,
    ExpectedOut,
    NeedOut,
    NeedsOut,
)
from services.booking.domain.occasion import Occasion
from services.booking.use_cases.count_attendance import CameTo, CountAttendance
from services.booking.use_cases.read_needs import ReadNeeds
from services.booking.use_cases.see_attendance import SeeAttendance
from shared.kernel.actor import Actor
from shared.kernel.ids import BookingId, OccasionId
from shared.web.etags import IfMatch, etag
from shared.web.examples import documented, sent
from shared.web.idempotency import AskedOnce, respond
from shared.web.permissions import needs


def routes(read: ReadNeeds, count: CountAttendance, see: SeeAttendance) -> APIRouter:
    """All three."""
    router = APIRouter(prefix="/v1/occasions", tags=["on-the-day"])
    _expecting(router, see)

    @router.get(
        "/{occasion_id}/needs",
        summary="Särskilda behov",
        description=ReadNeeds.__doc__ or "",
        responses=documented(NeedsOut, 200, "Behoven, för tillfällets egna ledare."),
    )
    async def read_needs(
        actor: Annotated[Actor, needs("needs.read")],
        occasion_id: str,
    ) -> NeedsOut:
        found = await read(OccasionId(occasion_id), by=actor)
        items = [NeedOut(booking_id=each.booking_id, needs=each.text) for each in found]
        return NeedsOut(occasion_id=occasion_id, items=items)

    @router.post(
        "/{occasion_id}/attendance",
        summary="Räkna närvaro",
        description=CountAttendance.__doc__ or "",
        responses=documented(CameOut, 200, "Närvaron så långt den är räknad."),
    )
    async def came(
        _: Annotated[Actor, needs("attendance.write")],
        occasion_id: str,
        wanted: Annotated[CameWanted, sent(CameWanted)],
        version: IfMatch,
        once: AskedOnce,
    ) -> Response:
        counted = [CameTo(BookingId(c.booking_id), c.attendance()) for c in wanted.came]
        answer = await count(
            OccasionId(occasion_id),
            counted,
            version=version,
            once=once,
            present=occasion_answer(_came),
        )
        return respond(answer)

    return router


def _expecting(router: APIRouter, see: SeeAttendance) -> None:
    @router.get(
        "/{occasion_id}/attendance",
        summary="Vilka som ska komma",
        description=SeeAttendance.__doc__ or "",
        responses=documented(ExpectedOut, 200, "Alla som har plats, med tillfällets ETag."),
    )
    async def expected(
        actor: Annotated[Actor, needs("attendance.write")],
        occasion_id: str,
        response: Response,
    ) -> ExpectedOut:
        occasion, items = await see(OccasionId(occasion_id), by=actor)
        response.headers["ETag"] = etag(occasion.version)
        return ExpectedOut(occasion_id=occasion.id, items=[ExpectedOne.of(each) for each in items])


def _came(occasion: Occasion) -> CameOut:
    counted = [
        CameOne(
            booking_id=place.booking_id,
            pupils=place.attended.pupils,
            adults=place.attended.adults,
        )
        for place in occasion.places
        if place.attended
    ]
    return CameOut(occasion_id=occasion.id, came=counted)
