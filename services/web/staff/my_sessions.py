"""My sessions: where somebody is signed in, and ending it there or everywhere."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.staff.door import Anybody, Door, StaffForm
from services.web.staff.frame import StaffPages

_HERE = "/console/sessions"


def routes(pages: StaffPages, door: Door) -> APIRouter:
    """`/console/sessions`."""
    desk = APIRouter(prefix=_HERE, include_in_schema=False)

    @desk.get("")
    async def show(request: Request, staff: Anybody) -> Response:
        """All of one's own that are open."""
        sessions = await door.sessions.of(staff.person.subject)
        ended = request.query_params.get("done") == "ended"
        done = pages.words(request)("staff_sessions_ended") if ended else ""
        return pages.show(request, staff, "sessions.html", sessions=sessions, done=done)

    @desk.post("")
    async def end(staff: Anybody, form: StaffForm) -> Response:
        """End one of them, or all."""
        everywhere = form.get("session") == "all"
        if everywhere:
            await door.sessions.end_all(staff.person.subject)
        else:
            await door.sessions.end(staff.person.subject, form.get("session", ""))
        own = everywhere or form.get("session") == staff.session.id
        answer = RedirectResponse("/console/signed-out" if own else f"{_HERE}?done=ended", 303)
        if own:
            door.cookies.take_session(answer)
        return answer

    return desk
