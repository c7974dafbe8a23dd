"""Whether somebody is in one of one's own cases: by one whole thing, never in an address."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.cases.desk import CASES, MENTORING, CaseDesk, typed
from services.web.staff.cases.person_form import person_in
from services.web.staff.door import Staff, StaffForm, opens

Knower = Annotated[Staff, opens("mentoring:identity.read")]


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/cases/find`."""
    router = APIRouter(prefix=f"{CASES}/find", include_in_schema=False)

    @router.get("")
    async def blank(request: Request, staff: Knower) -> Response:
        """The form."""
        return _show(desk, request, staff)

    @router.post("")
    async def find(request: Request, staff: Knower, form: StaffForm) -> Response:
        """One's own cases of that person; none is also the answer when there are others'."""
        person = person_in(form)
        wanted = {n: person[n] for n in ("personal_number", "phone", "email") if person[n]}
        try:
            found = await desk.apis.send(
                staff, "POST", MENTORING, "/v1/identity-searches", body=wanted
            )
        except SaidNo as no:
            return _show(desk, request, staff, no, form)
        return _show(desk, request, staff, found=found.data["items"])

    return router


def _show(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    no: SaidNo | None = None,
    form: Fields | None = None,
    found: Any = None,
) -> Response:
    wrote = typed(form) if form else None
    return desk.page(request, staff, "find", no=no, wrote=wrote, found=found)
