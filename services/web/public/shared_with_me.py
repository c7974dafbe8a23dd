"""Delat: whoever was given a share's link reads what is shared, as it is now, on a press.

To open the page reads nothing, for a mail scanner follows every link; each press is a reading that
mentoring writes down, and refuses as soon as the share is over.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from services.web.mentoring_links import MentoringLinks
from services.web.own_forms import own_form
from services.web.pages import Pages
from services.web.public.link_doors import LinkDoor
from services.web.settings import Settings
from shared.web.permissions import open_to_all

_HOLDER = open_to_all("the holder of a share's link; mentoring decides at each reading")


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes ask."""

    settings: Settings
    pages: Pages
    api: MentoringLinks
    door: LinkDoor


def routes(desk: Desk) -> APIRouter:
    """`/delat/<secret>` and `/delat`."""
    router = APIRouter(prefix="/delat", include_in_schema=False, dependencies=[_HOLDER])

    @router.get("/{secret}")
    async def link(secret: str, request: Request) -> Response:
        """Exchange the secret for a cookie; nothing is read, and whether it holds is not told."""
        desk.door.holder(request, secret)
        return await desk.door.open(request, secret)

    @router.get("")
    async def ask(request: Request) -> Response:
        """What a press will do."""
        visit = await desk.door.visit(request)
        return desk.pages.show(request, "shared.html", parts=None, token=visit.form_token)

    @router.post("")
    async def look(request: Request) -> Response:
        """What is shared, under the same address."""
        visit = await desk.door.visit(request)
        await own_form(request, desk.settings, visit)
        parts = await desk.api.shared(desk.door.holder(request, visit.link_secret))
        return desk.pages.show(request, "shared.html", parts=parts, token=visit.form_token)

    return router
