"""Emergency access: asked for with a reason, told at once, judged by another; and who has read.

It is asked for a case whose address somebody has, or by the code words that a colleague has said.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.cases.desk import CASES, MENTORING, CaseDesk, known_id, typed
from services.web.staff.door import Staff, StaffForm, opens, opens_lately
from services.web.staff.freshness import STILL_FRESH
from services.web.staff.listing import shown
from shared.kernel.refusal import Forbidden, NotFound

Asker = Annotated[Staff, opens_lately("mentoring:cases.open-glass")]
Opener = Annotated[Staff, opens_lately("mentoring:cases.open-glass", within=STILL_FRESH)]
Looker = Annotated[Staff, opens("mentoring:access-log.read", "mentoring:audit.read")]
Judge = Annotated[Staff, opens("mentoring:cases.review-glass", "mentoring:cases.second-glass")]
REASONS = ("threat-to-life", "cannot-consent", "covering", "confirm-identity")
OUTCOMES = ("justified", "not-justified", "follow-up")
MINUTES = (15, 30, 60)
BY_WORDS = "/console/emergency"


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/emergency`; `/console/cases/{id}/emergency` and `/access`."""
    router = APIRouter(include_in_schema=False)
    _by_words(router, desk)
    of_a_case = APIRouter(prefix=f"{CASES}/{{case_id}}", include_in_schema=False)
    _opening(of_a_case, desk)
    _looking(of_a_case, desk)
    router.include_router(of_a_case)
    return router


def _by_words(router: APIRouter, desk: CaseDesk) -> None:
    @router.get(BY_WORDS)
    async def ask_by_words(request: Request, staff: Asker) -> Response:
        """The dialog; it says nothing of which cases there are."""
        return _dialog(desk, request, staff, BY_WORDS)

    @router.post(BY_WORDS)
    async def open_by_words(request: Request, staff: Opener, form: StaffForm) -> Response:
        """Open the case of these code words, or ask a second person."""
        body, once = _asked(form), form.get("once", "")
        body["pseudonym"] = form.get("pseudonym", "").strip()
        try:
            made = await desk.apis.send(
                staff, "POST", MENTORING, "/v1/break-glass", body=body, once=once
            )
        except NotFound as missing:
            no = SaidNo(desk.pages.words(request)("staff_glass_no_such_words"), status=404)
            no.__cause__ = missing
            return _dialog(desk, request, staff, BY_WORDS, no, form)
        except SaidNo as no:
            return _dialog(desk, request, staff, BY_WORDS, no, form)
        return RedirectResponse(f"{CASES}/{made.data['case_id']}/emergency?done=glass", 303)


def _asked(form: Fields) -> dict[str, Any]:
    """Why, in a code and in words, and for how long."""
    minutes = form.get("minutes", "")
    return {
        "reason": form.get("reason", ""),
        "text": form.get("text", ""),
        "minutes": int(minutes) if minutes in map(str, MINUTES) else 0,
    }


def _opening(router: APIRouter, desk: CaseDesk) -> None:
    @router.get("/emergency")
    async def ask(request: Request, staff: Asker, case_id: str) -> Response:
        """The dialog, without a look at the case: it is the same whether there is one or not."""
        return _dialog(desk, request, staff, f"{CASES}/{known_id(case_id)}/emergency")

    @router.post("/emergency")
    async def open_it(request: Request, staff: Opener, form: StaffForm, case_id: str) -> Response:
        """Open it, or ask a second person where the identity is protected."""
        body, to = _asked(form), f"{CASES}/{known_id(case_id)}/emergency"
        path, once = f"/v1/cases/{known_id(case_id)}/break-glass", form.get("once", "")
        try:
            await desk.apis.send(staff, "POST", MENTORING, path, body=body, once=once)
        except SaidNo as no:
            return _dialog(desk, request, staff, to, no, form)
        return RedirectResponse(f"{to}?done=glass", 303)


def _dialog(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    to: str,
    no: SaidNo | None = None,
    form: Fields | None = None,
) -> Response:
    return desk.page(
        request,
        staff,
        "emergency",
        no=no,
        wrote=typed(form) if form else None,
        to=to,
        by_words=to == BY_WORDS,
        reasons=REASONS,
        minutes=MINUTES,
        opened=request.query_params.get("done") == "glass",
    )


def _looking(router: APIRouter, desk: CaseDesk) -> None:
    @router.get("/access")
    async def access(request: Request, staff: Looker, case_id: str) -> Response:
        """Emergency accesses with their reasons, and every reading of the case."""
        return await _log(desk, request, staff, case_id)

    @router.post("/access")
    async def judge(request: Request, staff: Judge, form: StaffForm, case_id: str) -> Response:
        """Confirm what waits for a second person, or judge what somebody else opened."""
        glass = f"/v1/cases/{known_id(case_id)}/break-glass/{known_id(form.get('glass', ''))}"
        confirms = form.get("do") == "confirm"
        judged = {"outcome": form.get("outcome", ""), "text": form.get("text", "")}
        what, body = ("/confirmation", None) if confirms else ("/review", judged)
        once = form.get("once", "")
        try:
            await desk.apis.send(staff, "POST", MENTORING, glass + what, body=body, once=once)
        except SaidNo as no:
            return await _log(desk, request, staff, case_id, no, form)
        done = "glass_confirmed" if confirms else "glass_judged"
        return RedirectResponse(f"{CASES}/{case_id}/access?done={done}", 303)


async def _log(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    case_id: str,
    no: SaidNo | None = None,
    form: Fields | None = None,
) -> Response:
    asked = shown(request, filters=())
    facts: dict[str, Any] = {
        "glasses": await _glasses(desk, staff, case_id),
        "readers": await _readers(desk, staff, case_id, asked.limit, asked.offset),
        "shown": asked,
        "outcomes": OUTCOMES,
        "now": desk.clock.now().isoformat(),
        "judges": staff.may("mentoring:cases.review-glass"),
        "no": no,
        "wrote": typed(form) if form else None,
    }
    try:
        seen = await desk.seen(staff, case_id)
    except (NotFound, Forbidden):
        # Data protection and auditors see who looked, and nothing of the case itself.
        bare: dict[str, Any] = {
            "at": f"{CASES}/{case_id}",
            "known": False,
        }
        return desk.page(request, staff, "access", **bare, **facts)
    return desk.show(request, staff, seen, "access", known=True, **facts)


async def _glasses(desk: CaseDesk, staff: Staff, case_id: str) -> list[Mapping[str, Any]]:
    if not staff.may("mentoring:access-log.read"):
        return []
    found: list[Mapping[str, Any]] = (await desk.of_case(staff, case_id, "/break-glass")).data[
        "items"
    ]
    return found


async def _readers(
    desk: CaseDesk, staff: Staff, case_id: str, limit: int, offset: int
) -> Mapping[str, Any] | None:
    if not staff.may("mentoring:audit.read"):
        return None
    query = {"subject": known_id(case_id), "limit": limit, "offset": offset}
    found: Mapping[str, Any] = (
        await desk.apis.get(staff, MENTORING, "/v1/audit/readers", **query)
    ).data
    return found
