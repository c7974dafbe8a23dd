"""The waiting line: where people wait, who waits, and moving somebody with a reason."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.asking import StaffApis
from services.web.staff.beside import Beside, Line, Stands
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.figures import is_whole
from services.web.staff.frame import StaffPages
from services.web.staff.listing import shown
from services.web.staff.words import StaffWords
from shared.kernel.ids import new_id

Reader = Annotated[Staff, opens("booking:line.read")]
Mover = Annotated[Staff, opens("booking:line.move")]


@dataclass(frozen=True, slots=True)
class Move:
    """Who goes where in a line, and why."""

    booking_id: str
    position: int
    reason: str


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
    wrote: Mapping[str, str] | None = None,
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
        wrote=wrote or {},
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
            return await _line(pages, apis, request, staff, occasion_id, sentence, 422, form)
        undone = form.get("undone") == "yes"
        reason = words("staff_undone") if undone else form.get("reason", "")
        wish = Move(form.get("booking_id", ""), int(position), reason)

        async def beside() -> Stands:
            return await _beside(apis, staff, occasion_id, words, wish)

        try:
            before = await _moved_to(apis, staff, occasion_id, form, wish, beside)
        except SaidNo as no:
            said = (no.sentence, no.status, form)
            return await _line(pages, apis, request, staff, occasion_id, *said)
        at = f"/console/occasions/{occasion_id}/line"
        undo = "" if undone else f"?moved={wish.booking_id}&before={before}"
        return RedirectResponse(at + undo, 303)


async def _moved_to(
    apis: StaffApis,
    staff: Staff,
    occasion_id: str,
    form: Mapping[str, str],
    wish: Move,
    beside: Beside,
) -> int:
    """Move it; gives where it stood before."""
    path = f"/v1/occasions/{occasion_id}"
    line = (await apis.get(staff, "booking", f"{path}/line")).data["items"]
    stood = [each["position"] for each in line if each["booking_id"] == wish.booking_id]
    await apis.send(
        staff,
        "POST",
        "booking",
        f"{path}/line-moves",
        body=asdict(wish),
        version=form.get("version", ""),
        beside=beside,
        once=form.get("once", ""),
    )
    return stood[0] or 0 if stood else 0


async def _beside(
    apis: StaffApis, staff: Staff, occasion_id: str, words: StaffWords, wish: Move
) -> Stands:
    """The line as it is now, with the place that was wished for beside."""
    path = f"/v1/occasions/{occasion_id}"
    occasion, line, bookings = await asyncio.gather(
        apis.get(staff, "booking", path),
        apis.get(staff, "booking", f"{path}/line"),
        apis.get(staff, "booking", "/v1/bookings", occasion_id=occasion_id, limit=100),
    )
    parties = _parties(bookings.data["items"])
    lines: list[Line] = []
    for each in line.data["items"]:
        known, moved = parties.get(each["booking_id"]), each["booking_id"] == wish.booking_id
        who = words.party(known) if known else words("staff_booking")
        lines.append((who, str(each["position"] or "–"), str(wish.position) if moved else None))
    return Stands(
        over=f"{words('staff_line')} · {words.occasion(occasion.data)}",
        version=line.version,
        lines=[*lines, (words("staff_reason"), "–", wish.reason)],
        back=f"/console/occasions/{occasion_id}/line",
        yes=words("staff_line_do"),
    )
