"""Inkorg: what was sent to them, the newest first; new ones appear while it is open."""

from __future__ import annotations

import re

import httpx
from fastapi import APIRouter, Request, Response

from services.web.pages import Pages
from services.web.participant_api import ParticipantApi
from services.web.proxy.handing_on import HandingOn
from services.web.public.my_booking import HOLDER
from services.web.public.visits import Visits
from services.web.settings import Settings

_SEEN = re.compile(r"[A-Za-z0-9._:-]{1,100}")


def routes(
    settings: Settings, pages: Pages, api: ParticipantApi, visits: Visits, hand_on: HandingOn
) -> APIRouter:
    """`/inkorg` and its stream."""
    desk = APIRouter(prefix="/inkorg", include_in_schema=False, dependencies=[HOLDER])

    @desk.get("")
    async def show(request: Request) -> Response:
        """The list."""
        visit = await visits.of(request)
        inbox = await api.my_inbox(visits.holder(request, visit.link_secret))
        return pages.show(request, "inbox.html", visit=visit, inbox=inbox)

    @desk.get("/nytt")
    async def stream(request: Request) -> Response:
        """Server-sent events of the notifications service, asked for with the visit's secret.

        A stream that begins cannot name what was seen last, so the page's address does.
        """
        visit = await visits.of(request)
        extra = {"Link-Secret": visit.link_secret}
        seen = request.query_params.get("sedan", "")
        if "last-event-id" not in request.headers and _SEEN.fullmatch(seen):
            extra["Last-Event-ID"] = seen
        address = httpx.URL(settings.notifications_url).join("/v1/my-inbox/stream")
        return await hand_on(request, str(address), extra=extra)

    return desk
