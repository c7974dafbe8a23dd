"""One occasion: what it is, who comes, who waits; change it, or cancel it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.asking import Answer, StaffApis
from services.web.staff.beside import Stands
from services.web.staff.booking.bookings import STATES
from services.web.staff.booking.occasions import Reader
from services.web.staff.bulk import MOST, ManyRows, nothing_chosen
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.figures import Wrong, faults, whole
from services.web.staff.frame import StaffPages
from services.web.staff.words import StaffWords
from shared.kernel.ids import new_id

Writer = Annotated[Staff, opens("booking:occasions.write")]
FIELDS = ("title", "starts_local", "minutes", "room", "capacity", "leaders", "target_group")
_DONE = frozenset({"changed", "cancelled", "counted"})
_NOTHING: Mapping[str, str] = MappingProxyType({})


def routes(pages: StaffPages, apis: StaffApis, many: ManyRows) -> APIRouter:
    """`/console/occasions/{id}` and what can be done there."""
    desk = APIRouter(prefix="/console/occasions/{occasion_id}", include_in_schema=False)
    _seeing(desk, pages, apis, many)
    _changing(desk, pages, apis)
    _cancelling(desk, pages, apis)
    return desk


def _seeing(desk: APIRouter, pages: StaffPages, apis: StaffApis, many: ManyRows) -> None:
    @desk.get("")
    async def show(request: Request, staff: Reader, occasion_id: str) -> Response:
        """Facts, how full it is, and everybody on it as far as one may see them."""
        path = f"/v1/occasions/{occasion_id}"
        sees = staff.may("booking:bookings.read")
        occasion, bookings = await asyncio.gather(
            apis.get(staff, "booking", path),
            apis.part(_bookings(apis, staff, occasion_id)) if sees else _nothing(),
        )
        done = request.query_params.get("done", "")
        words = pages.words(request)
        return pages.show(
            request,
            staff,
            "booking/occasion.html",
            live="booking",
            occasion=occasion.data,
            bookings=bookings,
            many=many if staff.may("booking:bookings.write") else None,
            most=MOST,
            wrong=words("staff_bulk_none") if nothing_chosen(request) else "",
            done=words(f"staff_occasion_done_{done}") if done in _DONE else "",
        )


async def _bookings(apis: StaffApis, staff: Staff, occasion_id: str) -> Any:
    query = {"occasion_id": occasion_id, "limit": 100}
    found = (await apis.get(staff, "booking", "/v1/bookings", **query)).data
    order = {state: place for place, state in enumerate(STATES)}
    items = sorted(found["items"], key=lambda each: (order[each["state"]], each["position"] or 0))
    return {**found, "items": items}


async def _nothing() -> None:
    return None


def _changing(desk: APIRouter, pages: StaffPages, apis: StaffApis) -> None:
    @desk.get("/change")
    async def form(request: Request, staff: Writer, occasion_id: str) -> Response:
        """What can be changed, as it is."""
        occasion = await apis.get(staff, "booking", f"/v1/occasions/{occasion_id}")
        return _form(pages, request, staff, occasion)

    @desk.post("/change")
    async def change(
        request: Request, staff: Writer, form: StaffForm, occasion_id: str
    ) -> Response:
        """Only what was changed is sent, on the version that was seen."""
        path = f"/v1/occasions/{occasion_id}"
        now = await apis.get(staff, "booking", path)
        wrote = {name: form.get(name, "").strip() for name in FIELDS}
        words = pages.words(request)

        async def beside() -> Stands:
            return _beside(words, await apis.get(staff, "booking", path), wrote)

        try:
            body, seen = _differing(now.data, wrote), form.get("version", "")
            if body:
                await apis.send(
                    staff, "PATCH", "booking", path, body=body, version=seen, beside=beside
                )
        except Wrong as wrong:
            said = [(name, words("error_numbers_only")) for name in wrong.fields]
            sentence = words("staff_form_wrong")
            return _form(pages, request, staff, now, wrote, sentence, said, 422)
        except SaidNo as no:
            errors = faults(no, FIELDS)
            return _form(pages, request, staff, now, wrote, no.sentence, errors, no.status)
        return RedirectResponse(f"/console/occasions/{occasion_id}?done=changed", 303)


def _form(
    pages: StaffPages,
    request: Request,
    staff: Staff,
    occasion: Answer,
    wrote: Mapping[str, str] | None = None,
    wrong: str = "",
    errors: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> Response:
    return pages.show(
        request,
        staff,
        "booking/change.html",
        status=status,
        occasion=occasion.data,
        now=_written(occasion.data),
        version=occasion.version,
        wrote=wrote or {},
        wrong=wrong,
        errors=errors or (),
    )


def _beside(words: StaffWords, now: Answer, wrote: Mapping[str, str]) -> Stands:
    """As it is now beside what was written; of what has no field here, only as it is."""
    theirs = {name: text.replace("T", " ") for name, text in _written(now.data).items()}
    mine = {name: text.replace("T", " ") for name, text in wrote.items()}
    return Stands(
        over=now.data["title"],
        version=now.version,
        lines=[(words(f"staff_occasion_{n}"), theirs[n], mine.get(n)) for n in FIELDS],
        back=f"/console/occasions/{now.data['id']}",
    )


def _written(occasion: Mapping[str, Any]) -> dict[str, str]:
    """As a form has it."""
    return {
        "title": occasion["title"],
        "starts_local": occasion["starts_local"][:16],
        "minutes": str(occasion["minutes"]),
        "room": occasion["room"],
        "capacity": str(occasion["capacity"]),
        "leaders": ", ".join(occasion["leaders"]),
        "target_group": occasion["target_group"],
    }


def _differing(occasion: Mapping[str, Any], wrote: Mapping[str, str]) -> dict[str, Any]:
    """What the API is asked to change. Raises Wrong for what should be figures."""
    before = _written(occasion)
    body: dict[str, Any] = {n: wrote[n] for n in FIELDS if wrote[n] != before[n]}
    body |= whole({n: body[n] for n in ("minutes", "capacity") if n in body})
    if "leaders" in body:
        body["leaders"] = [each.strip() for each in body["leaders"].split(",") if each.strip()]
    return body


async def _sure(
    pages: StaffPages,
    apis: StaffApis,
    request: Request,
    staff: Staff,
    occasion_id: str,
    no: SaidNo | None = None,
    wrote: Mapping[str, str] = _NOTHING,
) -> Response:
    now = await apis.get(staff, "booking", f"/v1/occasions/{occasion_id}")
    words = pages.words(request)
    return pages.show(
        request,
        staff,
        "confirm.html",
        status=no.status if no else 200,
        wrong=no.sentence if no else "",
        wrote=wrote,
        over=f"{now.data['title']}, {words.short(now.data['starts_at'])}",
        head=words("staff_occasion_cancel_head"),
        text=words("staff_occasion_cancel_text", parties=sum(now.data["parties"].values())),
        reason=words("staff_reason"),
        action=f"/console/occasions/{occasion_id}/cancel",
        fields={"version": now.version, "once": new_id()},
        yes=words("staff_occasion_cancel_yes"),
        no=words("staff_occasion_cancel_no"),
        back=f"/console/occasions/{occasion_id}",
    )


def _cancelling(desk: APIRouter, pages: StaffPages, apis: StaffApis) -> None:
    @desk.get("/cancel")
    async def asked(request: Request, staff: Writer, occasion_id: str) -> Response:
        """Once more, and why."""
        return await _sure(pages, apis, request, staff, occasion_id)

    @desk.post("/cancel")
    async def cancel(
        request: Request, staff: Writer, form: StaffForm, occasion_id: str
    ) -> Response:
        """Everybody on it is told."""
        words, path = pages.words(request), f"/v1/occasions/{occasion_id}"

        async def beside() -> Stands:
            now = await apis.get(staff, "booking", path)
            return _beside_cancelling(words, now, form.get("reason", ""))

        try:
            await apis.send(
                staff,
                "POST",
                "booking",
                f"{path}/cancellation",
                body={"reason": form.get("reason", "")},
                version=form.get("version", ""),
                beside=beside,
                once=form.get("once", ""),
            )
        except SaidNo as no:
            return await _sure(pages, apis, request, staff, occasion_id, no, form)
        return RedirectResponse(f"/console/occasions/{occasion_id}?done=cancelled", 303)


def _beside_cancelling(words: StaffWords, now: Answer, reason: str) -> Stands:
    """Who would be told, and of what, as it is now."""
    stands, it = _beside(words, now, {}), now.data
    state = "staff_occasion_is_cancelled" if it["cancelled"] else "staff_occasion_is_on"
    lines = [
        (words("staff_state"), words(state), words("staff_occasion_is_cancelled")),
        *stands.lines,
        *((words(f"staff_state_{name}"), it[name], None) for name in ("confirmed", "waiting")),
        (words("staff_reason"), "–", reason),
    ]
    return replace(stands, lines=lines, yes=words("staff_occasion_cancel_yes"))
