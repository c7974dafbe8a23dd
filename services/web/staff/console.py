"""The console put together: one of each thing that its pages need, and all its routes."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from fastapi import APIRouter, Request, Response

from services.web.cookies import Cookies
from services.web.proxy.handing_on import HandingOn
from services.web.settings import Settings
from services.web.staff import keyboard, live, my_sessions, saved, search, sign_in, start
from services.web.staff.asking import StaffApis
from services.web.staff.asking_first import BACK, AskFirst
from services.web.staff.beside import CameLate
from services.web.staff.booking import routers as booking
from services.web.staff.cases import routers as cases
from services.web.staff.cookies import StaffCookies
from services.web.staff.door import Door
from services.web.staff.following import routers as following
from services.web.staff.frame import StaffPages
from services.web.staff.letters import routers as letters
from services.web.staff.live import OpenStreams
from services.web.staff.openid import OpenId
from services.web.staff.operations import routers as operations
from services.web.staff.partners import routers as partners
from services.web.staff.problems import StaffProblems
from services.web.staff.publications import routers as publications
from services.web.staff.sign_in import WayIn
from services.web.staff.tokens import ApiTokens
from services.web.storage.saved_views import SavedViews
from services.web.storage.sign_ins import SignIns
from services.web.storage.staff_sessions import StaffSessions
from shared.kernel.clock import Clock, ShiftedClock
from shared.mongo.client import Database
from shared.web.signed_in import TokenVerifier


@dataclass(frozen=True, slots=True)
class Console:
    """What pages are made of. Routes of an area take what they need of it."""

    settings: Settings
    door: Door
    pages: StaffPages
    apis: StaffApis
    hand_on: HandingOn
    openid: OpenId
    sign_ins: SignIns
    views: SavedViews
    clock: Clock

    async def make_indexes(self) -> None:
        """Once, before anybody comes."""
        await self.door.sessions.make_indexes()
        await self.sign_ins.make_indexes()
        await self.views.make_indexes()

    async def came_late(self, request: Request, late: Exception) -> Response:
        """Both beside each other, for whoever was second. Starlette knows only `Exception`."""
        assert isinstance(late, CameLate)  # noqa: S101
        return self.pages.came_late(request, late)

    async def ask_first(self, request: Request, asked: Exception) -> Response:
        """Whether it is meant, before anything is done."""
        assert isinstance(asked, AskFirst)  # noqa: S101
        return self.pages.sure(
            request, asked, sign_in.inside(request.state.staff_form.get(BACK, ""))
        )

    @property
    def problems(self) -> StaffProblems:
        """Makes pages of refusals."""
        return StaffProblems(self.pages)


def build(
    settings: Settings,
    database: Database,
    client: httpx.AsyncClient,
    cookies: Cookies,
    verifier: TokenVerifier,
) -> Console:
    """All of it."""
    sessions = StaffSessions(database, settings.key)
    openid = OpenId(client, settings, verifier)
    return Console(
        settings=settings,
        door=Door(settings, sessions, StaffCookies(settings)),
        pages=StaffPages(cookies, settings),
        apis=StaffApis(client, settings, ApiTokens(sessions, openid), sessions),
        hand_on=HandingOn(client, settings),
        openid=openid,
        sign_ins=SignIns(database, settings.key),
        views=SavedViews(database),
        clock=ShiftedClock(settings.clock_file),
    )


def routers(console: Console) -> list[APIRouter]:
    """Every page of the console. To add an area is to add its routes here."""
    pages, apis, door = console.pages, console.apis, console.door
    streams = OpenStreams(door.sessions)
    return [
        sign_in.routes(WayIn(door, console.sign_ins, console.openid, pages)),
        start.routes(pages, apis, console.clock),
        my_sessions.routes(pages, door),
        saved.routes(pages, console.views),
        search.routes(pages, apis),
        keyboard.routes(pages),
        *cases.routers(pages, apis, console.clock),
        *booking.routers(pages, apis, console.clock),
        *letters.routers(pages, apis),
        *operations.routers(pages, apis),
        *partners.routers(pages, apis),
        *publications.routers(pages, apis, console.hand_on),
        *following.routers(pages, apis, console.clock),
        live.routes(apis, console.hand_on, streams),
    ]
