"""Mentors: who can take somebody new, what stands in the way, and what is known of each."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import Fields
from services.web.staff.cases.desk import MENTORING, CaseDesk, typed
from services.web.staff.cases.matching_form import in_words
from services.web.staff.cases.mentor_form import change_mentor, leads_wish
from services.web.staff.cases.needs import GENDERS
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.listing import shown
from shared.kernel.refusal import NotFound

HERE = "/console/mentors"
Reader = Annotated[Staff, opens("mentoring:mentors.read")]
Writer = Annotated[Staff, opens("mentoring:mentors.write")]
_NOBODY: dict[str, Any] = {
    "languages": ["sv"],
    "limit": 2,
    "strengths": [],
    "gender": "unknown",
    "gender_wish": [],
    "known_in": {},
    "avoids": {},
    "cleared_for": [],
    "notes": "",
}
"""A profile before it is written."""
_UNWRITTEN = '"0"'


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/mentors`."""
    router = APIRouter(prefix=HERE, include_in_schema=False)

    @router.get("")
    async def mentors(request: Request, staff: Reader) -> Response:
        """By username; how many mentees somebody has is not told."""
        if (who := request.query_params.get("who", "").strip().lower()) and "/" not in who:
            return RedirectResponse(f"{HERE}/{quote(who, safe='')}", 303)
        asked = shown(request, filters=())
        page = {"limit": asked.limit, "offset": asked.offset}
        found = await desk.apis.get(staff, MENTORING, "/v1/mentors", **page)
        return desk.page(request, staff, "mentors", shown=asked, found=found.data)

    @router.get("/{username}")
    async def mentor(request: Request, staff: Reader, username: str) -> Response:
        """A whole profile; a blank one for somebody of whom none is written."""
        return await _show(desk, request, staff, username)

    @router.post("/{username}")
    async def change(request: Request, staff: Writer, form: StaffForm, username: str) -> Response:
        """The profile, the times, a pause, a training, or the check of the register."""
        at = _at(username)
        try:
            return await change_mentor(desk, request, staff, form, at, leads_wish(form))
        except SaidNo as no:
            return await _show(desk, request, staff, username, no, form)

    return router


def _at(username: str) -> str:
    return f"/v1/mentors/{quote(username, safe='')}"


async def _show(
    desk: CaseDesk,
    request: Request,
    staff: Staff,
    username: str,
    no: SaidNo | None = None,
    form: Fields | None = None,
) -> Response:
    known: Any = None
    version = _UNWRITTEN
    try:
        found = await desk.apis.get(staff, MENTORING, _at(username))
        known, version = found.data, found.version
    except NotFound:
        if not staff.may("mentoring:mentors.write"):
            raise
    facts: dict[str, Any] = {
        "mentor": known,
        "username": username,
        "profile": known or _NOBODY,
        "version": version,
        "days": in_words(known["availability"] if known else ()),
        "genders": GENDERS,
        "today": desk.today(),
    }
    wrote = typed(form) if form else None
    return desk.page(request, staff, "mentor", no=no, wrote=wrote, **facts)
