"""One booking that was cancelled by mistake: back, as far as its places are free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.asking import StaffApis
from services.web.staff.beside import Line, Stands
from services.web.staff.booking.bookings import Writer, show_one, stands
from services.web.staff.door import StaffForm
from services.web.staff.frame import StaffPages


def routes(pages: StaffPages, apis: StaffApis) -> APIRouter:
    """`/console/bookings/{id}/reinstate`."""
    desk = APIRouter(prefix="/console/bookings", include_in_schema=False)

    @desk.post("/{booking_id}/reinstate")
    async def reinstate(
        request: Request, staff: Writer, form: StaffForm, booking_id: str
    ) -> Response:
        """The party is told that it has its places again."""
        words = pages.words(request)

        def compared(now: Mapping[str, Any]) -> Sequence[Line]:
            there = words(f"staff_state_{now['state']}")
            return [(words("staff_booking"), there, words("staff_booking_reinstate"))]

        async def beside() -> Stands:
            return await stands(apis, staff, booking_id, words, compared)

        try:
            await apis.send(
                staff,
                "POST",
                "booking",
                f"/v1/bookings/{booking_id}/reinstatement",
                version=form.get("version", ""),
                beside=beside,
                once=form.get("once", ""),
            )
        except SaidNo as no:
            said = (no.sentence, no.status)
            return await show_one(pages, apis, request, staff, booking_id, *said)
        return RedirectResponse(f"/console/bookings/{booking_id}?done=reinstated", 303)

    return desk
