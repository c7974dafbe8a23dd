"""What data protection decides of a case that they do not see: kept by law, or forgotten."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.cases.desk import CASES, MENTORING, CaseDesk, known_id, typed
from services.web.staff.door import Staff, StaffForm, opens, opens_lately
from services.web.staff.freshness import STILL_FRESH
from services.web.staff.listing import shown
from shared.kernel.refusal import Forbidden, NotFound, VersionConflict

Holder = Annotated[Staff, opens_lately("mentoring:cases.hold")]
Deciding = Annotated[Staff, opens_lately("mentoring:cases.hold", within=STILL_FRESH)]
Forgetter = Annotated[Staff, opens_lately("mentoring:cases.forget", within=STILL_FRESH)]
Returned = Annotated[Staff, opens("mentoring:cases.forget")]
Certified = Annotated[Staff, opens("mentoring:forgettings.read")]
CERTIFICATES = "/console/forgettings"


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/cases/{id}/keeping` and `/forgetting`; `/console/forgettings`."""
    router = APIRouter(include_in_schema=False)
    _keeping(router, desk)
    _forgetting(router, desk)
    _certificates(router, desk)
    return router


def _keeping(router: APIRouter, desk: CaseDesk) -> None:
    to = CASES + "/{case_id}/keeping"

    @router.get(to)
    async def keeping(request: Request, staff: Holder, case_id: str) -> Response:
        """The same whether there is such a case or not."""
        return await _show(desk, request, staff, case_id)

    @router.post(to)
    async def hold(request: Request, staff: Deciding, form: StaffForm, case_id: str) -> Response:
        """The law needs it kept, with a reason; or needs it no longer."""
        path = f"/v1/cases/{known_id(case_id)}/legal-hold"
        once, lifts = form.get("once", ""), form.get("do") == "lift"
        body = None if lifts else {"reason": form.get("reason", "")}
        method = "DELETE" if lifts else "PUT"
        try:
            await desk.apis.send(staff, method, MENTORING, path, body=body, once=once)
        except SaidNo as no:
            return await _show(desk, request, staff, case_id, no, form)
        done = "hold_lifted" if lifts else "held"
        return RedirectResponse(f"{CASES}/{case_id}/keeping?done={done}", 303)


def _forgetting(router: APIRouter, desk: CaseDesk) -> None:
    to = CASES + "/{case_id}/forgetting"

    @router.post(to)
    async def forget(request: Request, staff: Forgetter, form: StaffForm, case_id: str) -> Response:
        """First what would be destroyed; on a second press, with the box, it is."""
        path = f"/v1/cases/{known_id(case_id)}/forgetting"
        once = form.get("once", "")
        try:
            if form.get("do") != "forget":
                return await _counted(desk, request, staff, case_id)
            if form.get("sure") != "yes":
                said = desk.pages.words(request)("staff_forget_sure_first")
                return await _counted(desk, request, staff, case_id, SaidNo(said, status=422))
            made = await desk.apis.send(
                staff,
                "POST",
                MENTORING,
                f"{path}?commit=true",
                version=form.get("version", ""),
                once=once,
            )
        except VersionConflict as changed:
            said = desk.pages.words(request)("staff_forget_changed")
            no = SaidNo(said, status=412)
            no.__cause__ = changed
            return await _counted(desk, request, staff, case_id, no)
        except SaidNo as no:
            return await _show(desk, request, staff, case_id, no)
        return RedirectResponse(f"{CERTIFICATES}/{made.data['id']}?done=forgotten", 303)

    @router.get(to)
    async def back(staff: Returned, case_id: str) -> Response:
        """Nothing is counted by an address alone."""
        del staff
        return RedirectResponse(f"{CASES}/{known_id(case_id)}/keeping", 303)


async def _hold_of(desk: CaseDesk, staff: Staff, case_id: str) -> dict[str, Any] | None:
    """Whether one stands; None where that is not theirs to know, or there is no such case."""
    try:
        found = await desk.apis.get(staff, MENTORING, f"/v1/cases/{case_id}/legal-hold")
    except (NotFound, Forbidden):
        return None
    held: dict[str, Any] = found.data
    return held


async def _counted(
    desk: CaseDesk, request: Request, staff: Staff, case_id: str, no: SaidNo | None = None
) -> Response:
    """What a forgetting would destroy, on the version that it was counted on."""
    path = f"/v1/cases/{known_id(case_id)}/forgetting"
    found = await desk.apis.send(staff, "POST", MENTORING, path)
    at = f"{CASES}/{case_id}"
    facts = {"it": found.data, "version": found.version, "at": at}
    return desk.page(request, staff, "forgetting", no=no, **facts)


async def _show(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    case_id: str,
    no: SaidNo | None = None,
    form: Fields | None = None,
) -> Response:
    facts: dict[str, Any] = {
        "at": f"{CASES}/{known_id(case_id)}",
        "hold": await _hold_of(desk, staff, case_id),
        "lists": await desk.lists(staff),
        "wrote": typed(form) if form else None,
    }
    return desk.page(request, staff, "keeping", no=no, **facts)


def _certificates(router: APIRouter, desk: CaseDesk) -> None:
    @router.get(CERTIFICATES)
    async def listed(request: Request, staff: Certified) -> Response:
        """Every certificate, newest first; or, with an id, the way to that case's keeping."""
        case_id = request.query_params.get("case", "").strip()
        no: SaidNo | None = None
        try:
            if case_id:
                return RedirectResponse(f"{CASES}/{known_id(case_id)}/keeping", 303)
        except NotFound as missing:
            no = SaidNo(desk.pages.words(request)("staff_keeping_no_id"), status=422)
            no.__cause__ = missing
        asked = shown(request, filters=())
        page = {"limit": asked.limit, "offset": asked.offset}
        found = await desk.apis.get(staff, MENTORING, "/v1/forgettings", **page)
        return desk.page(request, staff, "forgettings", no=no, shown=asked, found=found.data)

    @router.get(CERTIFICATES + "/{forgetting_id}")
    async def certificate(request: Request, staff: Certified, forgetting_id: str) -> Response:
        """What was destroyed, by whom, when, and what ages out."""
        path = f"/v1/forgettings/{known_id(forgetting_id)}"
        found = await desk.apis.get(staff, MENTORING, path)
        return desk.page(request, staff, "certificate", it=found.data)
