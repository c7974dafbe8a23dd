"""Who it is: only by a press, never at an address that can be opened again."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.staff.cases.desk import CASES, CaseDesk, known_id
from services.web.staff.door import Staff, StaffForm, opens

Knower = Annotated[Staff, opens("mentoring:identity.read")]


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/cases/{id}/identity`."""
    router = APIRouter(prefix=f"{CASES}/{{case_id}}/identity", include_in_schema=False)

    @router.post("")
    async def who(request: Request, staff: Knower, form: StaffForm, case_id: str) -> Response:
        """The reading is written down."""
        del form
        seen = await desk.seen(staff, case_id)
        known = await desk.of_case(staff, case_id, "/identity")
        return desk.show(request, staff, seen, "identity", person=known.data)

    @router.get("")
    async def back(staff: Knower, case_id: str) -> Response:
        """Nobody is shown by an address alone."""
        del staff
        return RedirectResponse(f"{CASES}/{known_id(case_id)}", 303)

    return router
