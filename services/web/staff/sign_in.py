"""Coming in and going out: sign-in by the identity provider, and sign-out everywhere it matters."""

from __future__ import annotations

import re
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.staff.door import Anybody, Door, StaffForm
from services.web.staff.frame import StaffPages
from services.web.staff.openid import CAME_BACK, OpenId, SignInAway, SignInFailed
from services.web.storage.sign_ins import SignIns
from shared.web.permissions import open_to_all

SIGNED_OUT = "/console/signed-out"
_NO_STORE = {"Cache-Control": "no-store"}
_OURS = re.compile(r"/console(?:/[A-Za-z0-9._~-]+)*(?:\?[A-Za-z0-9._~%&=+:-]*)?")
_CLEAR = {"Clear-Site-Data": '"cache", "storage"', **_NO_STORE}


@dataclass(frozen=True, slots=True)
class WayIn:
    """What the routes ask."""

    door: Door
    sign_ins: SignIns
    openid: OpenId
    pages: StaffPages


def inside(address: str) -> str:
    """The address if it is a page of the console's, else the start page: never another site."""
    return address if len(address) <= 1000 and _OURS.fullmatch(address) else "/console"


def routes(way: WayIn) -> APIRouter:
    """`/console/sign-in`, the way back from the provider, and `/console/sign-out`."""
    desk = APIRouter(include_in_schema=False)
    _coming(desk, way)
    _going(desk, way)
    return desk


def _coming(desk: APIRouter, way: WayIn) -> None:
    @desk.get("/console/sign-in", dependencies=[open_to_all("the way to signing in")])
    async def sign_in(request: Request) -> Response:
        """Off to the identity provider."""
        then = inside(request.query_params.get("next", ""))
        begun = await way.sign_ins.begin(then, fresh="fresh" in request.query_params)
        answer = RedirectResponse(await way.openid.way_in(begun), 303, _NO_STORE)
        way.door.cookies.give_sign_in(answer, begun.cookie)
        return answer

    @desk.get(CAME_BACK, dependencies=[open_to_all("the way back; everything is checked")])
    async def signed_in(request: Request) -> Response:
        """Back from the identity provider: a new session, always with a new id."""
        asked = request.query_params
        cookie = way.door.cookies.sign_in_of(request)
        begun = await way.sign_ins.finish(cookie, asked.get("state", "")) if cookie else None
        if begun is None or not asked.get("code"):
            raise SignInFailed
        person, tokens = await way.openid.come_back(begun, asked["code"], asked.get("iss", ""))
        await way.door.sessions.close(way.door.cookies.session_of(request))
        browser = request.headers.get("user-agent", "")
        opened = await way.door.sessions.open(person, tokens, browser)
        answer = RedirectResponse(inside(begun.then), 303, _NO_STORE)
        way.door.cookies.give_session(answer, opened)
        way.door.cookies.take_sign_in(answer)
        return answer


def _going(desk: APIRouter, way: WayIn) -> None:
    @desk.post("/console/sign-out")
    async def sign_out(staff: Anybody, _: StaffForm) -> Response:
        """The session ends here and now, and then at the provider."""
        await way.door.sessions.end(staff.person.subject, staff.session.id)
        await way.openid.revoke(staff.session.tokens)
        try:
            out = await way.openid.way_out(SIGNED_OUT)
        except SignInAway:
            out = SIGNED_OUT
        answer = RedirectResponse(out, 303, _CLEAR)
        way.door.cookies.take_session(answer)
        return answer

    @desk.get(SIGNED_OUT, dependencies=[open_to_all("nobody is signed in any more")])
    async def signed_out(request: Request) -> Response:
        """A calm goodbye."""
        return way.pages.show(request, None, "signed_out.html")
