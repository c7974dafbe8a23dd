"""Messages that were given up: read why, send again, or discard with a reason."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.asking import StaffApis
from services.web.staff.bulk import ManyRows, nothing_chosen
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.figures import faults
from services.web.staff.frame import StaffPages
from services.web.staff.listing import shown
from services.web.staff.operations.many_parked import SERVICES
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound

STATES = ("parked", "replayed", "discarded")
KNOWN = ("not-an-event", "unknown-type", "not-as-agreed", "sealing-key-gone", "box-does-not-open",
         "delivery_limit")  # fmt: skip
"""Reasons that have advice of their own; any other is an error that nobody foresaw."""
Handler = Annotated[Staff, opens(*(f"{service}:dead-letters.handle" for service in SERVICES))]
_AT = "/console/parked"


def routes(pages: StaffPages, apis: StaffApis, many: ManyRows) -> APIRouter:
    """`/console/parked` and one of them."""
    desk = APIRouter(prefix=_AT, include_in_schema=False)
    _seeing(desk, pages, apis, many)
    _settling(desk, pages, apis)
    return desk


def advice(reason: str) -> str:
    """Which advice a reason has: the end of a word's name."""
    return reason.replace("-", "_") if reason in KNOWN else "other"


def _seeing(desk: APIRouter, pages: StaffPages, apis: StaffApis, many: ManyRows) -> None:
    @desk.get("")
    async def listed(request: Request, staff: Handler) -> Response:
        """Of one service; how many each of the others has."""
        asked = shown(request, filters=("service", "state"))
        state = asked.filters.get("state", "")
        state = state if state in STATES else "parked"
        counts = await asyncio.gather(*(_some(apis, staff, s, state, 1) for s in SERVICES))
        totals = {s: p.value.data["total"] if p.value else None
                  for s, p in zip(SERVICES, counts, strict=True)}  # fmt: skip
        service = asked.filters.get("service", "")
        if service not in SERVICES:
            service = next((each for each in SERVICES if totals[each]), SERVICES[0])
        found = await _some(apis, staff, service, state, asked.limit, asked.offset)
        return pages.show(
            request,
            staff,
            "operations/parked.html",
            shown=asked,
            service=service,
            state=state,
            states=STATES,
            totals=totals,
            found=found,
            many=many if state == "parked" else None,
            wrong=pages.words(request)("staff_bulk_none") if nothing_chosen(request) else "",
        )

    @desk.get("/{service}/{letter_id}")
    async def one(request: Request, staff: Handler, service: str, letter_id: str) -> Response:
        """Why it was given up, and what to do."""
        return await _one(pages, apis, request, staff, service, letter_id)


async def _some(
    apis: StaffApis, staff: Staff, service: str, state: str, limit: int, offset: int = 0
) -> Any:
    query = {"state": state, "limit": limit, "offset": offset}
    return await apis.part(apis.get(staff, service, "/v1/dead-letters", **query))


async def _one(
    pages: StaffPages,
    apis: StaffApis,
    request: Request,
    staff: Staff,
    service: str,
    letter_id: str,
    no: SaidNo | None = None,
    wrote: Mapping[str, str] | None = None,
) -> Response:
    letter = (await apis.get(staff, _known(service), f"/v1/dead-letters/{letter_id}")).data
    done = request.query_params.get("done", "")
    return pages.show(
        request,
        staff,
        "operations/parked_one.html",
        status=no.status if no else 200,
        wrong=no.sentence if no else "",
        errors=faults(no, ("reason",)) if no else (),
        wrote=dict(wrote or {}),
        done=pages.words(request)(f"staff_parked_done_{done}")
        if done in STATES[1:] and not no
        else "",
        service=service,
        letter=letter,
        body=_readable(letter["body"]),
        advice=advice(letter["reason"]),
        once=new_id(),
    )


def _settling(desk: APIRouter, pages: StaffPages, apis: StaffApis) -> None:
    @desk.post("/{service}/{letter_id}/replay")
    async def replay(
        request: Request, staff: Handler, form: StaffForm, service: str, letter_id: str
    ) -> Response:
        """To its queue once more."""
        path, once = f"/v1/dead-letters/{letter_id}/replay", form.get("once", "")
        try:
            await apis.send(staff, "POST", _known(service), path, once=once)
        except SaidNo as no:
            return await _one(pages, apis, request, staff, service, letter_id, no)
        return RedirectResponse(f"{_AT}/{service}/{letter_id}?done=replayed", 303)

    @desk.post("/{service}/{letter_id}/discard")
    async def discard(
        request: Request, staff: Handler, form: StaffForm, service: str, letter_id: str
    ) -> Response:
        """It need not be handled, and why."""
        path, once = f"/v1/dead-letters/{letter_id}/discard", form.get("once", "")
        body = {"reason": form.get("reason", "").strip()}
        try:
            await apis.send(staff, "POST", _known(service), path, body=body, once=once)
        except SaidNo as no:
            return await _one(pages, apis, request, staff, service, letter_id, no, body)
        return RedirectResponse(f"{_AT}/{service}/{letter_id}?done=discarded", 303)


def _known(service: str) -> str:
    if service not in SERVICES:
        raise NotFound
    return service


def _readable(body: str | None) -> str:
    """The event laid out, or as it is."""
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2) if body else ""
    except ValueError:
        return body or ""
