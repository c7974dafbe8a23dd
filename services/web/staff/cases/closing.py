"""Ending a case: one proposes, another decides, and a circle of aftercare goes on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.cases.desk import CASES, CaseDesk, Wish, typed
from services.web.staff.door import Staff, StaffForm, opens

Reader = Annotated[Staff, opens("mentoring:cases.list")]
_TO = "/closure"
OUTCOMES = ("goals-reached", "partly-reached", "own-wish", "moved", "other-help", "lost-contact")
REFUSALS = ("too-early", "plan-not-enough", "risk-has-changed")


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/cases/{id}/closure`."""
    router = APIRouter(prefix=f"{CASES}/{{case_id}}{_TO}", include_in_schema=False)

    @router.get("")
    async def closure(request: Request, staff: Reader, case_id: str) -> Response:
        """The proposal that waits, what was written, and the forms that are this person's."""
        return await _show(desk, request, staff, case_id)

    @router.post("")
    async def decide(request: Request, staff: Reader, form: StaffForm, case_id: str) -> Response:
        """Propose, take back, approve or refuse."""

        async def again(no: SaidNo) -> Response:
            return await _show(desk, request, staff, case_id, no, form)

        return await desk.change(request, staff, form, case_id, _wish(form), again)

    return router


def _wish(form: Fields) -> Wish:
    match form.get("do", ""):
        case "propose":
            body = {
                **{name: form.get(name, "") for name in ("outcome", "text", "review_on", "until")},
                "aftercare_lead": form.get("aftercare_lead", "").strip(),
                "aftercare_circle": form.get("aftercare_circle", "").split(),
            }
            return Wish("POST", _TO, body, _TO, "proposed")
        case "withdraw":
            return Wish("POST", f"{_TO}/withdrawal", None, _TO, "withdrawn")
        case "approve":
            return Wish("POST", f"{_TO}/verdict", {"approve": True}, "", "closed")
        case _:
            no = {"approve": False, "reason": form.get("reason") or None}
            return Wish("POST", f"{_TO}/verdict", no, _TO, "refused")


async def _show(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    case_id: str,
    no: SaidNo | None = None,
    form: Fields | None = None,
) -> Response:
    seen = await desk.seen(staff, case_id)
    found = (await desk.of_case(staff, case_id, _TO, limit=100)).data
    proposal = found["proposal"]
    own = bool(proposal) and proposal["proposed_by"] == staff.person.username
    may = seen.standing.may
    return desk.show(
        request,
        staff,
        seen,
        "closure",
        no=no,
        wrote=typed(form) if form else None,
        found=found,
        proposes=may("propose-closure") and not proposal,
        withdraws=own and may("propose-closure"),
        decides=bool(proposal) and not own and may("approve-closure"),
        outcomes=OUTCOMES,
        refusals=REFUSALS,
    )
