"""A case's meetings: arranged with or without a room, moved, settled, cancelled, held or missed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.cases.desk import CASES, MENTORING, CaseDesk, Wish, known_id, typed
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.listing import shown

Reader = Annotated[Staff, opens("mentoring:cases.list")]
_TO = "/meetings"
_AHEAD = ("proposed", "awaiting-room", "scheduled")


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/cases/{id}/meetings`."""
    router = APIRouter(prefix=f"{CASES}/{{case_id}}{_TO}", include_in_schema=False)
    _arranging(router, desk)
    _going_on(router, desk)
    return router


def _arranging(router: APIRouter, desk: CaseDesk) -> None:
    @router.get("")
    async def meetings(request: Request, staff: Reader, case_id: str) -> Response:
        """What is ahead, and what has been."""
        return await _show(desk, request, staff, case_id)

    @router.post("")
    async def arrange(request: Request, staff: Reader, form: StaffForm, case_id: str) -> Response:
        """A meeting: with a room it waits for booking's answer, without one it stands."""
        body = {
            **_times(form),
            "staff": form.all("staff"),
            "people": _figure(form.get("people", "")),
            "text": form.get("text", ""),
            "room": _room(form),
        }
        wish = Wish("POST", _TO, body, _TO, "meeting")
        return await _change(desk, request, staff, form, case_id, wish)


def _going_on(router: APIRouter, desk: CaseDesk) -> None:
    @router.post("/{meeting_id}")
    async def go_on(
        request: Request, staff: Reader, form: StaffForm, case_id: str, meeting_id: str
    ) -> Response:
        """One of the buttons of a meeting."""
        what, body = _wanted(form)
        wish = Wish("POST", f"{_TO}/{known_id(meeting_id)}{what}", body, _TO, "meeting_changed")
        return await _change(desk, request, staff, form, case_id, wish)


def _wanted(form: Fields) -> tuple[str, Mapping[str, Any] | None]:
    match form.get("do", ""):
        case "move":
            return "/move", _times(form)
        case "settle":
            return "/settling", {"room": _room(form)}
        case "held" | "missed" as outcome:
            return "/outcome", {"held": outcome == "held", "text": form.get("text", "")}
        case _:
            return "/cancellation", None


def _times(form: Fields) -> dict[str, Any]:
    return {"starts_local": form.get("starts_local", ""), "minutes": _figure(form.get("minutes"))}


def _figure(text: str | None) -> int:
    """Zero for what is not in figures: the service says what is wrong with it."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 5 else 0


def _room(form: Fields) -> dict[str, str | None] | None:
    wish = form.get("room", "")
    return None if wish == "without" else {"name": form.get("room_name", "").strip() or None}


async def _change(
    desk: CaseDesk, request: Request, staff: Staff, form: Fields, case_id: str, wish: Wish
) -> Response:
    async def again(no: SaidNo) -> Response:
        return await _show(desk, request, staff, case_id, no, form)

    return await desk.change(request, staff, form, case_id, wish, again)


async def _show(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    case_id: str,
    no: SaidNo | None = None,
    form: Fields | None = None,
) -> Response:
    seen = await desk.seen(staff, case_id)
    asked = shown(request, filters=(), limit=100)
    page = {"limit": asked.limit, "offset": asked.offset}
    found = (await desk.of_case(staff, case_id, _TO, **page)).data
    ordered = sorted(found["items"], key=lambda each: each["starts_at"])
    return desk.show(
        request,
        staff,
        seen,
        "meetings",
        live=MENTORING,
        no=no,
        wrote=typed(form) if form else None,
        shown=asked,
        total=found["total"],
        ahead=[each for each in ordered if each["state"] in _AHEAD],
        been=[each for each in reversed(ordered) if each["state"] not in _AHEAD],
        now=desk.clock.now().isoformat(),
    )
