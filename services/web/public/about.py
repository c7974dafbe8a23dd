"""The start page, and how accessible the site is."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from services.web.asking import Holder, SaidNo, ServiceAway
from services.web.pages import Pages
from services.web.programme_api import Entry, ProgrammeApi
from services.web.public.visits import Visits
from shared.web.permissions import open_to_all
from shared.web.refusals import TooManyRequests

_SOON = 3


def routes(pages: Pages, api: ProgrammeApi, visits: Visits) -> APIRouter:
    """`/` and `/tillganglighet`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/", dependencies=[open_to_all("the start page")])
    async def start(request: Request) -> Response:
        """What there is, and where to go; whole also when the programme cannot be reached."""
        visit = await visits.maybe(request)
        soon = await _soon(api, visits.holder(request, ""))
        return pages.show(request, "start.html", visit=visit, soon=soon)

    @router.get("/tillganglighet", dependencies=[open_to_all("the accessibility statement")])
    async def accessibility(request: Request) -> Response:
        """What was tried, what is missing, and whom to tell."""
        return pages.show(request, "accessibility.html", visit=await visits.maybe(request))

    return router


async def _soon(api: ProgrammeApi, holder: Holder) -> list[Entry] | None:
    """What is next; None when nobody can say."""
    try:
        return (await api.listed(holder, {}, limit=_SOON)).items
    except (ServiceAway, SaidNo, TooManyRequests):
        return None
