"""Who it is: only by a press, never at an address that can be opened again; and changing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.beside import Stands
from services.web.staff.cases.desk import CASES, MENTORING, CaseDesk, known_id, typed
from services.web.staff.cases.person_form import person_in
from services.web.staff.door import Staff, StaffForm, opens, opens_lately
from services.web.staff.freshness import STILL_FRESH
from services.web.staff.words import StaffWords

Knower = Annotated[Staff, opens_lately("mentoring:identity.read")]
Returned = Annotated[Staff, opens("mentoring:identity.read")]
Changer = Annotated[Staff, opens_lately("mentoring:identity.write", within=STILL_FRESH)]


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/cases/{id}/identity`."""
    router = APIRouter(prefix=f"{CASES}/{{case_id}}/identity", include_in_schema=False)

    @router.post("")
    async def who(request: Request, staff: Knower, form: StaffForm, case_id: str) -> Response:
        """The reading is written down."""
        del form
        return await _show(desk, request, staff, case_id)

    @router.get("/change")
    @router.get("")
    async def back(staff: Returned, case_id: str) -> Response:
        """Nobody is shown by an address alone."""
        del staff
        return RedirectResponse(f"{CASES}/{known_id(case_id)}", 303)

    @router.post("/change")
    async def change(request: Request, staff: Changer, form: StaffForm, case_id: str) -> Response:
        """All of it, on the version of the identity that was shown."""
        path, seen = f"/v1/cases/{known_id(case_id)}/identity", form.get("version", "")
        mine = person_in(form)

        async def beside() -> Stands:
            return await _beside(desk, desk.pages.words(request), staff, case_id, mine)

        try:
            await desk.apis.send(
                staff, "PUT", MENTORING, path, body=mine, version=seen, beside=beside
            )
        except SaidNo as no:
            return await _show(desk, request, staff, case_id, no, form)
        return RedirectResponse(f"{CASES}/{case_id}?done=identity", 303)

    return router


async def _show(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    case_id: str,
    no: SaidNo | None = None,
    form: Fields | None = None,
) -> Response:
    seen = await desk.seen(staff, case_id)
    known = await desk.of_case(staff, case_id, "/identity")
    facts: dict[str, Any] = {
        "person": known.data,
        "version": known.version,
        "changes": staff.may("mentoring:identity.write") and seen.may("write", "identity"),
    }
    wrote = typed(form) if form else None
    return desk.show(request, staff, seen, "identity", no=no, wrote=wrote, **facts)


async def _beside(
    desk: CaseDesk, say: StaffWords, staff: Staff, case_id: str, mine: Mapping[str, Any]
) -> Stands:
    seen = await desk.seen(staff, case_id)
    known = await desk.of_case(staff, case_id, "/identity")
    return Stands(
        over=seen.case["pseudonym"],
        version=known.version,
        lines=[
            (say(f"staff_case_person_{name}"), known.data.get(name) or "–", mine[name] or "–")
            for name in mine
        ],
        back=seen.at,
    )
