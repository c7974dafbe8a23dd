"""The day itself: who is to come, how many came; on paper as well."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.asking import Answer, StaffApis
from services.web.staff.beside import Stands
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.figures import is_whole
from services.web.staff.frame import StaffPages
from services.web.staff.words import StaffWords
from shared.kernel.ids import new_id

Counter = Annotated[Staff, opens("booking:attendance.write")]
NeedsReader = Annotated[Staff, opens("booking:needs.read")]
_MOST = 200
"""As many as the API takes at once."""


def routes(pages: StaffPages, apis: StaffApis) -> APIRouter:
    """`/console/occasions/{id}/attendance`."""
    desk = APIRouter(prefix="/console/occasions/{occasion_id}/attendance", include_in_schema=False)
    _seeing(desk, pages, apis)
    _counting(desk, pages, apis)
    return desk


def _seeing(desk: APIRouter, pages: StaffPages, apis: StaffApis) -> None:
    @desk.get("")
    async def show(request: Request, staff: Counter, occasion_id: str) -> Response:
        """The list."""
        return await _list(pages, apis, request, staff, occasion_id)

    @desk.get("/needs")
    async def needs(request: Request, staff: NeedsReader, occasion_id: str) -> Response:
        """What the parties need, for the occasion's own leaders; that they read it is recorded."""
        path = f"/v1/occasions/{occasion_id}"
        occasion, found, expected = await asyncio.gather(
            apis.get(staff, "booking", path),
            apis.get(staff, "booking", f"{path}/needs"),
            _expected(apis, staff, occasion_id),
        )
        return pages.show(
            request,
            staff,
            "booking/needs.html",
            occasion=occasion.data,
            needs=found.data["items"],
            parties={each["booking_id"]: each for each in expected.data["items"]},
        )


def _counting(desk: APIRouter, pages: StaffPages, apis: StaffApis) -> None:
    @desk.post("")
    async def count(
        request: Request, staff: Counter, form: StaffForm, occasion_id: str
    ) -> Response:
        """What was counted is kept; whoever is not counted yet is left as they are."""
        words = pages.words(request)
        expected = await _expected(apis, staff, occasion_id)
        came, wrong = _came(expected.data["items"], form)
        if wrong or not came:
            sentence = words("error_numbers_only" if wrong else "staff_attendance_nothing")
            return await _list(pages, apis, request, staff, occasion_id, sentence, 422, form)

        async def beside() -> Stands:
            now = await _expected(apis, staff, occasion_id)
            return _beside(words, occasion_id, now, came)

        try:
            await apis.send(
                staff,
                "POST",
                "booking",
                f"/v1/occasions/{occasion_id}/attendance",
                body={"came": came[:_MOST]},
                version=form.get("version", ""),
                beside=beside,
                once=form.get("once", ""),
            )
        except SaidNo as no:
            again = (no.sentence, no.status, form)
            return await _list(pages, apis, request, staff, occasion_id, *again)
        return RedirectResponse(f"/console/occasions/{occasion_id}?done=counted", 303)


async def _expected(apis: StaffApis, staff: Staff, occasion_id: str) -> Answer:
    return await apis.get(staff, "booking", f"/v1/occasions/{occasion_id}/attendance")


async def _list(
    pages: StaffPages,
    apis: StaffApis,
    request: Request,
    staff: Staff,
    occasion_id: str,
    wrong: str = "",
    status: int = 200,
    wrote: Mapping[str, str] | None = None,
) -> Response:
    occasion, expected = await asyncio.gather(
        apis.get(staff, "booking", f"/v1/occasions/{occasion_id}"),
        _expected(apis, staff, occasion_id),
    )
    return pages.show(
        request,
        staff,
        "booking/attendance.html",
        status=status,
        wrong=wrong,
        wrote=dict(wrote or {}),
        occasion=occasion.data,
        items=expected.data["items"],
        version=expected.version,
        once=new_id(),
    )


def _came(
    items: list[Mapping[str, Any]], form: Mapping[str, str]
) -> tuple[list[dict[str, Any]], bool]:
    """What is counted, and whether something is not in figures. `all` counts the rest as booked."""
    came: list[dict[str, Any]] = []
    for each in items:
        name = each["booking_id"]
        wrote = [form.get(f"{kind}-{name}", "").strip() for kind in ("pupils", "adults")]
        if not any(wrote):
            if form.get("as") != "booked" or each["attended"]:
                continue
            wrote = [str(each["party"][kind] or 0) for kind in ("pupils", "adults")]
        figures = [text or "0" for text in wrote]
        if not all(is_whole(text) for text in figures):
            return came, True
        pupils, adults = (int(text) for text in figures)
        if each["attended"] != {"pupils": pupils, "adults": adults}:
            came.append({"booking_id": name, "pupils": pupils, "adults": adults})
    return came, False


def _beside(words: StaffWords, occasion_id: str, now: Answer, came: list[dict[str, Any]]) -> Stands:
    """Somebody else counted, booked or cancelled meanwhile."""
    parties = {each["booking_id"]: each for each in now.data["items"]}
    lines, fields = [], []
    for each in came:
        there = parties.get(each["booking_id"])
        if there is None:
            continue
        attended = there["attended"]
        theirs = words.heads(attended["pupils"], attended["adults"]) if attended else "–"
        lines.append((words.party(there), theirs, words.heads(each["pupils"], each["adults"])))
        fields += [(f"{n}-{each['booking_id']}", str(each[n])) for n in ("pupils", "adults")]
    return Stands(
        over=words("staff_attendance"),
        version=now.version,
        lines=lines,
        back=f"/console/occasions/{occasion_id}/attendance",
        fields=fields,
    )
