"""A mentor's own profile: when they can meet, a pause, and what they have read."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.cases.desk import MENTORING, CaseDesk, typed
from services.web.staff.cases.matching_form import in_words
from services.web.staff.cases.mentor_form import change_mentor, own_wish
from services.web.staff.door import Staff, StaffForm, opens
from shared.kernel.refusal import NotFound

HERE = "/console/profile"
_OWN, _HANDBOOK = "/v1/own-profile", "/v1/handbook"
Reader = Annotated[Staff, opens("mentoring:handbook.confirm")]
Mentor = Annotated[Staff, opens("mentoring:mentors.own")]


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/profile`."""
    router = APIRouter(prefix=HERE, include_in_schema=False)

    @router.get("")
    async def profile(request: Request, staff: Reader) -> Response:
        """One's own; a case lead has no profile, and reads the handbook too."""
        return await _show(desk, request, staff)

    @router.post("")
    async def change(request: Request, staff: Mentor, form: StaffForm) -> Response:
        """The times of the week, or a pause."""
        try:
            return await change_mentor(desk, request, staff, form, _OWN, own_wish(form))
        except SaidNo as no:
            return await _show(desk, request, staff, no, form)

    @router.post("/handbook")
    async def read(request: Request, staff: Reader, form: StaffForm) -> Response:
        """I have read this edition."""
        edition = form.get("edition", "")
        body = {"edition": int(edition) if edition.isascii() and edition.isdigit() else 0}
        path, once = f"{_HANDBOOK}/confirmations", form.get("once", "")
        try:
            await desk.apis.send(staff, "POST", MENTORING, path, body=body, once=once)
        except SaidNo as no:
            return await _show(desk, request, staff, no)
        return RedirectResponse(f"{HERE}?done=handbook_read", 303)

    return router


async def _show(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    no: SaidNo | None = None,
    form: Fields | None = None,
) -> Response:
    mentor, version = await _own(desk, staff)
    facts: dict[str, Any] = {
        "mentor": mentor,
        "version": version,
        "days": in_words(mentor["availability"] if mentor else ()),
        "handbook": (await desk.apis.get(staff, MENTORING, _HANDBOOK)).data,
        "today": desk.today(),
    }
    wrote = typed(form) if form else None
    return desk.page(request, staff, "profile", no=no, wrote=wrote, **facts)


async def _own(desk: CaseDesk, staff: Staff) -> tuple[Any, str]:
    """None where nobody has written a profile of them yet."""
    if not staff.may("mentoring:mentors.own"):
        return None, ""
    try:
        found = await desk.apis.get(staff, MENTORING, _OWN)
    except NotFound:
        return None, ""
    return found.data, found.version
