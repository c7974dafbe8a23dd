"""The day itself: who is to come, how many came; on paper as well."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
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
_HEADS = ("pupils", "adults")
_WAS = "was-"
_MOST = 200
"""As many as the API takes at once."""


def routes(pages: StaffPages, apis: StaffApis) -> APIRouter:
    """`/console/occasions/{id}/attendance`."""
    desk = APIRouter(prefix="/console/occasions/{occasion_id}/attendance", include_in_schema=False)
    _seeing(desk, pages, apis)
    _counting(desk, pages, apis)
    _undoing(desk, pages, apis)
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
        came, wrong = _came(expected, form)
        if wrong or not came:
            sentence = words("error_numbers_only" if wrong else "staff_attendance_nothing")
            return await _list(pages, apis, request, staff, occasion_id, sentence, 422, form)

        async def beside() -> Stands:
            now = await _expected(apis, staff, occasion_id)
            return _beside(words, occasion_id, now, came)

        try:
            kept = await apis.send(
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
        former = {"version": kept.version, "once": new_id(), **_former(expected, came[:_MOST])}
        return await _list(pages, apis, request, staff, occasion_id, former=former)


def _undoing(desk: APIRouter, pages: StaffPages, apis: StaffApis) -> None:
    @desk.post("/undone")
    async def undone(
        request: Request, staff: Counter, form: StaffForm, occasion_id: str
    ) -> Response:
        """What was counted becomes what it was before, if nobody has counted since."""
        words, came = pages.words(request), _counted_before(form)

        async def beside() -> Stands:
            now = await _expected(apis, staff, occasion_id)
            there = _beside(words, occasion_id, now, came)
            return replace(there, fields=[(n, v) for n, v in form.pairs if n.startswith(_WAS)])

        try:
            await apis.send(
                staff,
                "POST",
                "booking",
                f"/v1/occasions/{occasion_id}/attendance",
                body={"came": came},
                version=form.get("version", ""),
                beside=beside,
                once=form.get("once", ""),
            )
        except SaidNo as no:
            again = (no.sentence, no.status)
            return await _list(pages, apis, request, staff, occasion_id, *again)
        at = f"/console/occasions/{occasion_id}/attendance"
        return RedirectResponse(f"{at}?done=undone", 303)


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
    former: Mapping[str, str] | None = None,
) -> Response:
    done = request.query_params.get("done") == "undone" and not (wrong or former)
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
        former=former,
        done=pages.words(request)("staff_attendance_undone") if done else "",
        occasion=occasion.data,
        items=expected.data["items"],
        version=expected.version,
        once=new_id(),
    )


def _came(expected: Answer, form: Mapping[str, str]) -> tuple[list[dict[str, Any]], bool]:
    """What is counted, and whether something is not in figures. `as` counts the rest as booked.

    A count whose figures were taken out of the form is taken back; on an old page they may never
    have stood there.
    """
    came: list[dict[str, Any]] = []
    for each in expected.data["items"]:
        name = each["booking_id"]
        wrote = [form.get(f"{kind}-{name}", "").strip() for kind in _HEADS]
        if not any(wrote):
            if each["attended"] and form.get("version") == expected.version:
                came.append({"booking_id": name, "pupils": None, "adults": None})
            if form.get("as") != "booked" or each["attended"]:
                continue
            wrote = [str(each["party"][kind] or 0) for kind in _HEADS]
        figures = [text or "0" for text in wrote]
        if not all(is_whole(text) for text in figures):
            return came, True
        pupils, adults = (int(text) for text in figures)
        if each["attended"] != {"pupils": pupils, "adults": adults}:
            came.append({"booking_id": name, "pupils": pupils, "adults": adults})
    return came, False


def _former(expected: Answer, came: list[dict[str, Any]]) -> dict[str, str]:
    """What stood there before, as fields of the form that takes a count back."""
    counted = {each["booking_id"]: each["attended"] for each in expected.data["items"]}
    return {_WAS + each["booking_id"]: _written(counted[each["booking_id"]]) for each in came}


def _written(attended: Mapping[str, int] | None) -> str:
    return f"{attended['pupils']}-{attended['adults']}" if attended else ""


def _counted_before(form: Mapping[str, str]) -> list[dict[str, Any]]:
    """The same, read again; whatever is no count was none."""
    came = []
    for name, text in form.items():
        if name.startswith(_WAS):
            heads = text.split("-")
            known = len(heads) == len(_HEADS) and all(is_whole(each) for each in heads)
            counts = [int(each) for each in heads] if known else [None, None]
            booking = name.removeprefix(_WAS)
            came.append({"booking_id": booking, **dict(zip(_HEADS, counts, strict=True))})
    return came[:_MOST]


def _heads(words: StaffWords, attended: Mapping[str, Any] | None) -> str:
    if not attended or attended["pupils"] is None:
        return "–"
    return words.heads(attended["pupils"], attended["adults"])


def _beside(words: StaffWords, occasion_id: str, now: Answer, came: list[dict[str, Any]]) -> Stands:
    """Somebody else counted, booked or cancelled meanwhile."""
    parties = {each["booking_id"]: each for each in now.data["items"]}
    lines, fields = [], []
    for each in came:
        there = parties.get(each["booking_id"])
        if there is None:
            continue
        lines.append((words.party(there), _heads(words, there["attended"]), _heads(words, each)))
        said = {name: "" if each[name] is None else str(each[name]) for name in _HEADS}
        fields += [(f"{name}-{each['booking_id']}", said[name]) for name in _HEADS]
    return Stands(
        over=words("staff_attendance"),
        version=now.version,
        lines=lines,
        back=f"/console/occasions/{occasion_id}/attendance",
        fields=fields,
    )
