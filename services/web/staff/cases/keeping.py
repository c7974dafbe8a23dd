"""What data protection decides of a case that they do not see: kept by law, or forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.beside import CameLate, Stands
from services.web.staff.cases.desk import CASES, MENTORING, CaseDesk, known_id, typed
from services.web.staff.door import Staff, StaffForm, opens, opens_lately
from services.web.staff.freshness import STILL_FRESH
from services.web.staff.listing import shown
from services.web.staff.words import StaffWords
from shared.kernel.refusal import Forbidden, NotFound

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
        wish = None if lifts else form.get("reason", "")
        body = None if lifts else {"reason": wish}
        method = "DELETE" if lifts else "PUT"
        now = await _hold_of(desk, staff, case_id)
        if now is not None and now["reason"] not in (form.get("stood", "") or None, wish):
            say, lists = desk.pages.words(request), await desk.lists(staff)
            raise CameLate(_hold_beside(say, case_id, lists["legal-hold"], now, form))
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

        async def beside() -> Stands:
            now = (await desk.apis.send(staff, "POST", MENTORING, path)).data
            return _counts_beside(desk.pages.words(request), case_id, now, form)

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
                beside=beside,
                once=form.get("once", ""),
            )
        except SaidNo as no:
            return await _show(desk, request, staff, case_id, no)
        return RedirectResponse(f"{CERTIFICATES}/{made.data['id']}?done=forgotten", 303)

    @router.get(to)
    async def back(staff: Returned, case_id: str) -> Response:
        """Nothing is counted by an address alone."""
        del staff
        return RedirectResponse(f"{CASES}/{known_id(case_id)}/keeping", 303)


def _hold_beside(
    say: StaffWords,
    case_id: str,
    among: Sequence[Mapping[str, Any]],
    now: Mapping[str, Any],
    form: Fields,
) -> Stands:
    """Why it is kept now beside what was chosen here: a hold is lifted before there is another."""
    known, none = {each["code"]: each[say.language] for each in among}, say("staff_hold_none")
    wish = "" if form.get("do") == "lift" else form.get("reason", "")
    return Stands(
        over=say("staff_hold"),
        version="",
        lines=[
            (say("staff_case_reason"), known.get(now["reason"], none), known.get(wish, none)),
            (say("staff_who"), now["by"] or "–", None),
        ],
        back=f"{CASES}/{case_id}/keeping",
        again=False,
    )


def _counts_beside(say: StaffWords, case_id: str, now: Mapping[str, Any], form: Fields) -> Stands:
    """What would be destroyed now beside what was counted: it is looked at before it is done."""
    keys = (say("staff_forget_keys"), str(now["keys"]), form.get("stood_keys", "–"))
    return Stands(
        over=say("staff_forget"),
        version="",
        lines=[
            (say.coded("staff_forget_row_", name), str(count), form.get(f"stood_{name}", "–"))
            for name, count in now["removed"].items()
            if count or form.get(f"stood_{name}", "0") != "0"
        ]
        + [keys],
        back=f"{CASES}/{case_id}/keeping",
        again=False,
    )


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
