"""Moving a booking to another occasion of the same activity."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.api_paths import plain
from services.web.staff.asking import StaffApis
from services.web.staff.beside import Line, Stands
from services.web.staff.booking.bookings import Writer, of, stands
from services.web.staff.booking.occasions import today
from services.web.staff.door import Staff, StaffForm
from services.web.staff.frame import StaffPages
from services.web.staff.words import StaffWords
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id


def routes(pages: StaffPages, apis: StaffApis, clock: Clock) -> APIRouter:
    """`/console/bookings/{id}/move`."""
    desk = APIRouter(prefix="/console/bookings/{booking_id}/move", include_in_schema=False)

    @desk.get("")
    async def asked(request: Request, staff: Writer, booking_id: str) -> Response:
        """Where to: what comes, and how many places are free."""
        return await _choose(pages, apis, today(clock), request, staff, booking_id)

    @desk.post("")
    async def move(request: Request, staff: Writer, form: StaffForm, booking_id: str) -> Response:
        """There, or in the line there when that is all right."""

        async def beside() -> Stands:
            return await _beside(apis, staff, booking_id, pages.words(request), form)

        body = {
            "occasion_id": form.get("occasion_id", ""),
            "when_full": "wait" if form.get("when_full") == "wait" else "refuse",
        }
        try:
            await apis.send(
                staff,
                "POST",
                "booking",
                f"/v1/bookings/{booking_id}/move",
                body=body,
                version=form.get("version", ""),
                beside=beside,
                once=form.get("once", ""),
            )
        except SaidNo as no:
            return await _choose(
                pages, apis, today(clock), request, staff, booking_id, no.sentence, no.status
            )
        return RedirectResponse(f"/console/bookings/{booking_id}?done=moved", 303)

    return desk


async def _beside(
    apis: StaffApis, staff: Staff, booking_id: str, words: StaffWords, form: Mapping[str, str]
) -> Stands:
    """Where it is now beside where it was to go."""
    asked = apis.get(staff, "booking", f"/v1/occasions/{plain(form.get('occasion_id', ''))}")
    wished, (_, at) = await asyncio.gather(apis.part(asked), of(apis, staff, booking_id))
    to = words.occasion(wished.value.data) if wished.value else "–"

    def lines(_: Mapping[str, Any]) -> list[Line]:
        return [(words("staff_move_head"), words.occasion(at), to)]

    late = await stands(apis, staff, booking_id, words, lines)
    return replace(late, yes=words("staff_move"))


async def _choose(
    pages: StaffPages,
    apis: StaffApis,
    day: date,
    request: Request,
    staff: Staff,
    booking_id: str,
    wrong: str = "",
    status: int = 200,
) -> Response:
    booking, occasion = await of(apis, staff, booking_id)
    every = request.query_params.get("all") == "yes"
    query: dict[str, Any] = {
        "from": day,
        "limit": 50,
        "activity_id": "" if every else occasion["activity_id"],
    }
    found = (await apis.get(staff, "booking", "/v1/occasions", **query)).data["items"]
    others = [each for each in found if each["id"] != occasion["id"] and not each["cancelled"]]
    return pages.show(
        request,
        staff,
        "booking/move.html",
        status=status,
        wrong=wrong,
        booking=booking.data,
        version=booking.version,
        once=new_id(),
        occasion=occasion,
        others=others,
        every=every,
    )
