"""Following up a month's readings: a sample that nobody chose, and what was found about each.

Whether the chain is whole is not said here: only who reads all of it can know, and that is done on
one's own machine (`safespace audit verify`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.asking import Answer, StaffApis
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.frame import StaffPages
from services.web.staff.listing import shown
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound

SERVICES = ("mentoring", "booking", "notifications", "publishing")
OUTCOMES = ("in-order", "explained", "not-in-order", "passed-on")
Follower = Annotated[Staff, opens(*(f"{service}:audit.follow-up" for service in SERVICES))]
_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")
_AT = "/console/follow-up"
_LONGEST = 15


def routes(pages: StaffPages, apis: StaffApis, clock: Clock) -> APIRouter:
    """`/console/follow-up`."""
    desk = APIRouter(prefix=_AT, include_in_schema=False)

    @desk.get("")
    async def sample(request: Request, staff: Follower) -> Response:
        """Of a service and a month that is over. That it was looked at is recorded there too."""
        return await _page(pages, apis, clock, request, staff)

    @desk.post("")
    async def judged(request: Request, staff: Follower, form: StaffForm) -> Response:
        """What was found about one reading. Nothing is written over."""
        (service, month), seq = _chosen(staff, clock, form), form.get("seq", "")
        body = {
            "seq": int(seq) if seq.isdecimal() and len(seq) <= _LONGEST else 0,
            "outcome": form.get("outcome", ""),
            "reference": form.get("reference", "").strip() or None,
        }
        path, once = f"/v1/audit/samples/{month}/outcomes", form.get("once", "")
        try:
            await apis.send(staff, "POST", service, path, body=body, once=once)
        except SaidNo as no:
            return await _page(pages, apis, clock, request, staff, no, form)
        return RedirectResponse(f"{_AT}?service={service}&month={month}&done=kept", 303)

    return desk


async def _page(
    pages: StaffPages,
    apis: StaffApis,
    clock: Clock,
    request: Request,
    staff: Staff,
    no: SaidNo | None = None,
    wrote: Mapping[str, str] | None = None,
) -> Response:
    asked = shown(request, filters=("service", "month"))
    service, month = _chosen(staff, clock, (wrote or asked.filters))
    sample = await apis.part(_sample(apis, staff, service, month))
    done = request.query_params.get("done") == "kept" and not no
    return pages.show(
        request,
        staff,
        "following/sample.html",
        status=no.status if no else 200,
        wrong=no.sentence if no else "",
        wrote=dict(wrote or {}),
        done=pages.words(request)("staff_audit_kept") if done else "",
        services=_services_of(staff),
        service=service,
        month=month,
        sample=sample,
        outcomes=OUTCOMES,
        once=new_id(),
    )


async def _sample(apis: StaffApis, staff: Staff, service: str, month: str) -> Answer:
    return await apis.get(staff, service, f"/v1/audit/samples/{month}")


def _services_of(staff: Staff) -> list[str]:
    return [each for each in SERVICES if staff.may(f"{each}:audit.follow-up")]


def _chosen(staff: Staff, clock: Clock, asked: Mapping[str, str]) -> tuple[str, str]:
    """The service and the month that were asked for, or the first and the month before this."""
    mine = _services_of(staff)
    service, month = asked.get("service", ""), asked.get("month", "")
    if service and service not in mine:
        raise NotFound
    return service or mine[0], month if _MONTH.fullmatch(month) else _before(clock.now())


def _before(now: datetime) -> str:
    return f"{now.replace(day=1) - timedelta(days=1):%Y-%m}"
