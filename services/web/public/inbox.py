"""Inkorg: what was sent to them, the newest first; new ones appear while it is open."""

from __future__ import annotations

import httpx
from fastapi import APIRouter, Request, Response

from services.web.pages import Pages
from services.web.participant_api import ParticipantApi
from services.web.proxy.handing_on import HandingOn
from services.web.public.my_booking import HOLDER
from services.web.public.visits import Visits
from services.web.settings import Settings


def routes(
    settings: Settings, pages: Pages, api: ParticipantApi, visits: Visits, hand_on: HandingOn
) -> APIRouter:
    """`/inkorg` and its stream."""
    desk = APIRouter(prefix="/inkorg", include_in_schema=False, dependencies=[HOLDER])

    @desk.get("")
    async def show(request: Request) -> Response:
        """The list."""
        visit = await visits.of(request)
        messages = await api.my_inbox(visit.link_secret, pages.words(request).language)
        return pages.show(request, "inbox.html", visit=visit, messages=messages)

    @desk.get("/nytt")
    async def stream(request: Request) -> Response:
        """Server-sent events of the notifications service, asked for with the visit's secret."""
        visit = await visits.of(request)
        address = httpx.URL(settings.notifications_url).join("/v1/my-inbox/stream")
        return await hand_on(request, str(address), extra={"Link-Secret": visit.link_secret})

    return desk
