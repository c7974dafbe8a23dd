"""The waiting line: where people wait, who waits, and moving somebody with a reason."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.asking import StaffApis
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.figures import is_whole
from services.web.staff.frame import StaffPages
from services.web.staff.listing import shown
from shared.kernel.ids import new_id
from shared.kernel.refusal import VersionConflict

Reader = Annotated[Staff, opens("booking:line.read")]
Mover = Annotated[Staff, opens("booking:line.move")]


def routes(pages: StaffPages, apis: StaffApis) -> APIRouter:
    """`/console/line`, `/console/occasions/{id}/line` and moving in it."""
    desk = APIRouter(include_in_schema=False)
    _seeing(desk, pages, apis)
    _moving(desk, pages, apis)
    return desk


def _seeing(desk: APIRouter, pages: StaffPages, apis: StaffApis) -> None:
    @desk.get("/console/line")
    async def everywhere(request: Request, staff: Reader) -> Response:
        """Where people wait, the most waiting first."""
        asked = shown(request, filters=(), sorts=("waiting", "starts_at", "title"))
        found = await apis.get(
            staff,
            "booking",
            "/v1/occasions",
            state="waiting",
            sort=asked.sort or "-waiting",
            limit=asked.limit,
            offset=asked.offset,
        )
        return pages.show(
            request, staff, "booking/lines.html", live="booking", shown=asked, found=found.data
        )

    @desk.get("/console/occasions/{occasion_id}/line")
    async def of_one(request: Request, staff: Reader, occasion_id: str) -> Response:
        """In the order in which places are offered, and who was moved why."""
        return await _line(pages, apis, request, staff, occasion_id)


async def _line(
    pages: StaffPages,
    apis: StaffApis,
    request: Request,
    staff: Staff,
    occasion_id: str,
    wrong: str = "",
    status: int = 200,
) -> Response:
    path = f"/v1/occasions/{occasion_id}"
    occasion, line, moves, bookings = await asyncio.gather(
        apis.get(staff, "booking", path),
        apis.get(staff, "booking", f"{path}/line"),
        apis.part(apis.get(staff, "booking", f"{path}/line-moves", limit=20)),
        apis.part(apis.get(staff, "booking", "/v1/bookings", occasion_id=occasion_id, limit=100)),
    )
    return pages.show(
        request,
        staff,
        "booking/line.html",
        status=status,
        live="booking",
        wrong=wrong,
        occasion=occasion.data,
        line=line.data["items"],
        version=line.version,
        once=new_id(),
        moves=moves,
        parties=_parties(bookings.value.data["items"] if bookings.value else []),
        moved=_moved(request, line.data["items"]),
    )


def _parties(bookings: list[Any]) -> dict[str, Any]:
    return {each["id"]: each for each in bookings}


def _moved(request: Request, line: list[Any]) -> dict[str, str] | None:
    """A move that was just made and can be taken back: the address names it, the line knows it."""
    booking, before = (request.query_params.get(n, "") for n in ("moved", "before"))
    known = any(each["booking_id"] == booking and each["position"] for each in line)
    return {"booking_id": booking, "position": before} if known and is_whole(before) else None


def _moving(desk: APIRouter, pages: StaffPages, apis: StaffApis) -> None:
    @desk.post("/console/occasions/{occasion_id}/line")
    async def move(request: Request, staff: Mover, form: StaffForm, occasion_id: str) -> Response:
        """To another position, with a reason that is kept."""
        words, position = pages.words(request), form.get("position", "")
        if not is_whole(position):
            sentence = words("error_numbers_only")
            return await _line(pages, apis, request, staff, occasion_id, sentence, 422)
        undone = form.get("undone") == "yes"
        reason = words("staff_undone") if undone else form.get("reason", "")
        try:
            before = await _moved_to(apis, staff, occasion_id, form, int(position), reason)
        except SaidNo as no:
            return await _line(pages, apis, request, staff, occasion_id, no.sentence, no.status)
        except VersionConflict:
            sentence = words("staff_line_changed")
            return await _line(pages, apis, request, staff, occasion_id, sentence, 412)
        at = f"/console/occasions/{occasion_id}/line"
        undo = "" if undone else f"?moved={form['booking_id']}&before={before}"
        return RedirectResponse(at + undo, 303)


async def _moved_to(
    apis: StaffApis,
    staff: Staff,
    occasion_id: str,
    form: Mapping[str, str],
    position: int,
    reason: str,
) -> int:
    """Move it; gives where it stood before."""
    booking_id = form.get("booking_id", "")
    path = f"/v1/occasions/{occasion_id}"
    line = (await apis.get(staff, "booking", f"{path}/line")).data["items"]
    stood = [each["position"] for each in line if each["booking_id"] == booking_id]
    await apis.send(
        staff,
        "POST",
        "booking",
        f"{path}/line-moves",
        body={"booking_id": booking_id, "position": position, "reason": reason},
        version=form.get("version", ""),
        once=form.get("once", ""),
    )
    return stood[0] or 0 if stood else 0
