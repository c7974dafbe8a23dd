"""Matching: proposals beside each other with why and why not, and a decision with a reason."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.cases.desk import MENTORING, CaseDesk, known_id, typed
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.listing import shown

HERE = "/console/matchings"
Reader = Annotated[Staff, opens("mentoring:matchings.read")]
Decider = Annotated[Staff, opens("mentoring:matchings.decide")]
REASONS = (
    "as-proposed",
    "young-persons-wish",
    "knows-them-already",
    "continuity",
    "safety",
    "other",
)


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/matchings`."""
    router = APIRouter(prefix=HERE, include_in_schema=False)
    _making(router, desk)
    _deciding(router, desk)
    return router


def _making(router: APIRouter, desk: CaseDesk) -> None:
    async def listed(request: Request, staff: Staff, no: SaidNo | None = None) -> Response:
        asked = shown(request, filters=())
        page = {"limit": asked.limit, "offset": asked.offset}
        found = await desk.apis.get(staff, MENTORING, "/v1/matchings", **page)
        facts = {"shown": asked, "found": found.data}
        return desk.page(request, staff, "matchings", no=no, **facts)

    @router.get("")
    async def matchings(request: Request, staff: Reader) -> Response:
        """One's own, newest first."""
        return await listed(request, staff)

    @router.post("")
    async def make(request: Request, staff: Decider, form: StaffForm) -> Response:
        """All one's cases without a mentor; it decides nothing."""
        once = form.get("once", "")
        try:
            made = await desk.apis.send(
                staff, "POST", MENTORING, "/v1/matchings", body={}, once=once
            )
        except SaidNo as no:
            return await listed(request, staff, no)
        return RedirectResponse(f"{HERE}/{made.data['id']}", 303)


def _deciding(router: APIRouter, desk: CaseDesk) -> None:
    @router.get("/{matching_id}")
    async def matching(request: Request, staff: Reader, matching_id: str) -> Response:
        """Each case with who is proposed and why, or what stands in the way."""
        return await _show(desk, request, staff, matching_id)

    @router.post("/{matching_id}")
    async def decide(
        request: Request, staff: Decider, form: StaffForm, matching_id: str
    ) -> Response:
        """A human decides who becomes the mentor."""
        body = {name: form.get(name, "").strip() for name in ("case_id", "mentor", "reason")}
        path, once = f"/v1/matchings/{known_id(matching_id)}/decisions", form.get("once", "")
        try:
            sent = {**body, "text": form.get("text", "")}
            await desk.apis.send(staff, "POST", MENTORING, path, body=sent, once=once)
        except SaidNo as no:
            return await _show(desk, request, staff, matching_id, no, form)
        return RedirectResponse(f"{HERE}/{matching_id}?done=matched", 303)


async def _show(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    matching_id: str,
    no: SaidNo | None = None,
    form: Fields | None = None,
) -> Response:
    found = await desk.apis.get(staff, MENTORING, f"/v1/matchings/{known_id(matching_id)}")
    return desk.page(
        request,
        staff,
        "matching",
        no=no,
        wrote=typed(form) if form else None,
        found=found.data,
        reasons=REASONS,
    )
