"""Rooms: which there are, who has one on a day, and holding it for the house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.api_paths import plain
from services.web.staff.asking import Answer, StaffApis
from services.web.staff.beside import Stands
from services.web.staff.booking.occasions import today
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.figures import faults, is_whole
from services.web.staff.frame import StaffPages
from services.web.staff.listing import shown
from services.web.staff.putting_back import Removed
from services.web.staff.words import StaffWords
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id

Reader = Annotated[Staff, opens("booking:rooms.read")]
Holder = Annotated[Staff, opens("booking:room-holds.write")]
_FIELDS = ("starts_local", "minutes", "purpose")


def routes(pages: StaffPages, apis: StaffApis, clock: Clock) -> APIRouter:
    """`/console/rooms`."""
    desk = APIRouter(prefix="/console/rooms", include_in_schema=False)
    _seeing(desk, pages, apis, clock)
    _holding(desk, pages, apis, clock)
    return desk


def _seeing(desk: APIRouter, pages: StaffPages, apis: StaffApis, clock: Clock) -> None:
    @desk.get("")
    async def listed(request: Request, staff: Reader) -> Response:
        """By name."""
        asked = shown(request, filters=())
        found = await apis.get(
            staff, "booking", "/v1/rooms", limit=asked.limit, offset=asked.offset
        )
        return pages.show(request, staff, "booking/rooms.html", shown=asked, found=found.data)

    @desk.get("/{room_id}")
    async def day(request: Request, staff: Reader, room_id: str) -> Response:
        """Who has it on a day."""
        return await _day(pages, apis, clock, request, staff, room_id)


async def _day(
    pages: StaffPages,
    apis: StaffApis,
    clock: Clock,
    request: Request,
    staff: Staff,
    room_id: str,
    no: SaidNo | None = None,
    wrote: dict[str, str] | None = None,
    removed: Removed | None = None,
    on: str = "",
) -> Response:
    chosen = _chosen(on or request.query_params.get("day", ""), today(clock))
    seen = await apis.get(staff, "booking", f"/v1/rooms/{room_id}/days/{chosen}")
    return pages.show(
        request,
        staff,
        "booking/room.html",
        status=no.status if no else 200,
        live="booking",
        removed=removed,
        address=f"/console/rooms/{room_id}?day={chosen}",
        room=seen.data["room"],
        claims=seen.data["claims"],
        day=chosen,
        earlier=chosen - timedelta(days=1),
        later=chosen + timedelta(days=1),
        once=new_id(),
        wrong=no.sentence if no else "",
        errors=faults(no, _FIELDS) if no else (),
        wrote=wrote or {},
    )


def _chosen(text: str, day: date) -> date:
    try:
        return date.fromisoformat(text) if len(text) == 10 else day
    except ValueError:
        return day


def _holding(desk: APIRouter, pages: StaffPages, apis: StaffApis, clock: Clock) -> None:
    @desk.post("/{room_id}/holds")
    async def hold(request: Request, staff: Holder, form: StaffForm, room_id: str) -> Response:
        """For something of the house's own."""
        wrote = {name: form.get(name, "").strip() for name in _FIELDS}
        minutes = wrote["minutes"]
        body = {
            "room": room_id,
            "starts_local": wrote["starts_local"],
            "minutes": int(minutes) if is_whole(minutes) else 0,
            "purpose": wrote["purpose"],
        }
        try:
            once = form.get("once", "")
            await apis.send(staff, "POST", "booking", "/v1/room-holds", body=body, once=once)
        except SaidNo as no:
            return await _day(pages, apis, clock, request, staff, room_id, no, wrote)
        return RedirectResponse(f"/console/rooms/{room_id}?day={wrote['starts_local'][:10]}", 303)

    @desk.post("/{room_id}/release")
    async def release(request: Request, staff: Holder, form: StaffForm, room_id: str) -> Response:
        """Somebody else may have it; until then it can be held again."""
        path = f"/v1/room-holds/{plain(form.get('hold', ''))}"

        async def beside() -> Stands:
            now = await apis.get(staff, "booking", path)
            return _beside(pages.words(request), now, f"/console/rooms/{room_id}")

        held = await apis.get(staff, "booking", path)
        await apis.send(staff, "DELETE", "booking", path, version=held.version, beside=beside)
        removed = (f"/console/rooms/{room_id}/holds", _held(held.data))
        on = form.get("day", "")[:10]
        return await _day(pages, apis, clock, request, staff, room_id, removed=removed, on=on)


def _held(hold: Mapping[str, str]) -> dict[str, str]:
    """As the form that holds a room has it."""
    starts, ends = (datetime.fromisoformat(hold[name]) for name in ("starts_at", "ends_at"))
    local = starts.astimezone(ZoneInfo(hold["zone"]))
    minutes = int((ends - starts).total_seconds() // 60)
    return {
        "starts_local": f"{local:%Y-%m-%dT%H:%M}",
        "minutes": str(minutes),
        "purpose": hold["purpose"],
        "once": new_id(),
    }


def _beside(words: StaffWords, now: Answer, back: str) -> Stands:
    """What is held, as it is now, beside that it was to be let go."""
    held = now.data
    when = f"{words.short(held['starts_at'])}–{words.hour(held['ends_at'])}"
    return Stands(
        over=held["room_name"],
        version=now.version,
        lines=[
            (words("staff_room_hold"), when, words("staff_room_release")),
            (words("staff_room_purpose"), held["purpose"] or "–", None),
            (words("staff_who"), held["by"], None),
        ],
        back=back,
        yes=words("staff_room_release"),
    )
