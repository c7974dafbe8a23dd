"""A case that is opened by hand, when nobody has referred."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.cases.desk import CASES, MENTORING, CaseDesk, typed
from services.web.staff.cases.person_form import case_in, person_in
from services.web.staff.door import Staff, StaffForm, opens

Opener = Annotated[Staff, opens("mentoring:cases.open")]


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/cases/new`."""
    router = APIRouter(prefix=f"{CASES}/new", include_in_schema=False)

    @router.get("")
    async def blank(request: Request, staff: Opener) -> Response:
        """The form."""
        return _form(desk, request, staff)

    @router.post("")
    async def opened(request: Request, staff: Opener, form: StaffForm) -> Response:
        """The case; from then on it stands under its code word."""
        body = {"identity": person_in(form), **case_in(form)}
        once = form.get("once", "")
        try:
            made = await desk.apis.send(staff, "POST", MENTORING, "/v1/cases", body=body, once=once)
        except SaidNo as no:
            return _form(desk, request, staff, no, form)
        return RedirectResponse(f"{CASES}/{made.data['id']}?done=opened", 303)

    return router


def _form(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    no: SaidNo | None = None,
    form: Fields | None = None,
) -> Response:
    wrote = typed(form) if form else None
    return desk.page(request, staff, "opening", no=no, wrote=wrote, today=desk.today())
