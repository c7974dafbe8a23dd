"""A case: its phase, what waits, its circle and what was done; and who it is, on being asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.cases.desk import CASES, CaseDesk, Seen, Wish, known_id, typed
from services.web.staff.cases.waiting import what_waits
from services.web.staff.door import Staff, StaffForm, opens
from shared.kernel.refusal import Forbidden, NotFound

Reader = Annotated[Staff, opens("mentoring:cases.list")]
Knower = Annotated[Staff, opens("mentoring:identity.read")]
_TIMELINE = 100
STEPS: Mapping[str, Sequence[tuple[str, str, str]]] = MappingProxyType(
    {
        "intake": (("begin-assessment", "write", "overview"), ("decline", "write", "overview")),
        "assessment": (("begin-planning", "write", "overview"),),
        "planning": (("begin-support", "write", "overview"),),
        "aftercare": (("reopen", "reopen", ""), ("archive", "archive", "")),
    }
)
"""Phase → the steps that lead on from it, and the right that each takes."""
DECLINE_REASONS = ("own-wish", "not-target-group", "other-help", "not-reached", "duplicate")
REOPEN_REASONS = ("own-wish", "new-risk", "relapse", "review")


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/cases/{id}`, its steps, and its identity behind a press."""
    router = APIRouter(prefix=f"{CASES}/{{case_id}}", include_in_schema=False)
    _seeing(router, desk)
    _identity(router, desk)
    return router


def _seeing(router: APIRouter, desk: CaseDesk) -> None:
    @router.get("")
    async def case(request: Request, staff: Reader, case_id: str) -> Response:
        """The overview; whoever is not near the case is told of the way in an emergency."""
        try:
            seen = await desk.seen(staff, case_id)
        except (NotFound, Forbidden):
            return _not_yours(desk, request, staff, case_id)
        return await _show(desk, request, staff, seen)

    @router.post("/steps")
    async def step(request: Request, staff: Reader, form: StaffForm, case_id: str) -> Response:
        """Take the case further."""
        body = {"step": form.get("step", ""), "reason": form.get("reason") or None}
        body["review_on"] = form.get("review_on") or None
        wish = Wish("POST", "/steps", body, "", "step")

        async def again(no: SaidNo) -> Response:
            return await _show(desk, request, staff, await desk.seen(staff, case_id), no, form)

        return await desk.change(request, staff, form, case_id, wish, again)


def _not_yours(desk: CaseDesk, request: Request, staff: Staff, case_id: str) -> Response:
    # The same page for a case that is not theirs and for one that is not there.
    if not staff.may("mentoring:cases.open-glass"):
        raise NotFound
    known_id(case_id)
    answer = desk.page(request, staff, "not_yours", at=f"{CASES}/{case_id}")
    answer.status_code = 404
    return answer


async def _show(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    seen: Seen,
    no: SaidNo | None = None,
    form: Fields | None = None,
) -> Response:
    may, phase = seen.standing.may, seen.case["phase"]
    return desk.show(
        request,
        staff,
        seen,
        "overview",
        no=no,
        wrote=typed(form) if form else None,
        waits=what_waits(seen.case, desk.today()),
        steps=[name for name, action, group in STEPS.get(phase, ()) if may(action, group)],
        decline_reasons=DECLINE_REASONS,
        reopen_reasons=REOPEN_REASONS,
        timeline=await _timeline(desk, staff, seen),
        names_who=staff.may("mentoring:identity.read") and may("read", "identity"),
    )


async def _timeline(desk: CaseDesk, staff: Staff, seen: Seen) -> list[Mapping[str, Any]]:
    """The newest steps, newest first."""
    case_id = seen.case["id"]
    found = (await desk.of_case(staff, case_id, "/steps", limit=_TIMELINE)).data
    if found["total"] > _TIMELINE:
        last = {"limit": _TIMELINE, "offset": found["total"] - _TIMELINE}
        found = (await desk.of_case(staff, case_id, "/steps", **last)).data
    return list(reversed(found["items"]))


def _identity(router: APIRouter, desk: CaseDesk) -> None:
    @router.post("/identity")
    async def who(request: Request, staff: Knower, form: StaffForm, case_id: str) -> Response:
        """Who it is: only by a press, never at an address that can be opened again."""
        del form
        seen = await desk.seen(staff, case_id)
        known = await desk.of_case(staff, case_id, "/identity")
        return desk.show(request, staff, seen, "identity", person=known.data)

    @router.get("/identity")
    async def back(staff: Knower, case_id: str) -> Response:
        """Nobody is shown by an address alone."""
        del staff
        return RedirectResponse(f"{CASES}/{known_id(case_id)}", 303)
