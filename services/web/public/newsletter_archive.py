"""Arkivet: newsletters that were sent, per list and language, their feed and their images."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from services.web.asking import SaidNo
from services.web.newsletter_api import NewsletterApi
from services.web.pages import Pages
from services.web.proxy.handing_on import HandingOn
from services.web.proxy.paths import rest_after
from services.web.public.newsletters import ANYBODY, Desk
from services.web.public.visits import Visits
from services.web.settings import Settings
from services.web.wording import nearest as nearest_of
from shared.kernel.refusal import NotFound
from shared.web.permissions import passed_on

_FARTHEST = 10_000
_OPENLY = passed_on("publishing decides what everybody may read")


def routes(
    settings: Settings, pages: Pages, api: NewsletterApi, visits: Visits, hand_on: HandingOn
) -> APIRouter:
    """`/nyhetsbrev/<list>/<language>…` and `/bilder`."""
    router = APIRouter(include_in_schema=False)
    _handed_on(router, api, hand_on)
    _pages(router, Desk(settings, pages, api, visits))
    return router


def _pages(router: APIRouter, desk: Desk) -> None:
    @router.get("/nyhetsbrev/{list_id}", dependencies=[ANYBODY])
    async def nearest(list_id: str, request: Request) -> Response:
        """The archive in the visitor's language, or the nearest that there is."""
        holder = desk.anybody(request)
        languages = await desk.api.languages(holder, _plain(list_id))
        best = nearest_of(holder.language, languages)
        return await listed(list_id, best, request)

    @router.get("/nyhetsbrev/{list_id}/{language}", dependencies=[ANYBODY])
    async def listed(list_id: str, language: str, request: Request) -> Response:
        """A page of it, the newest first."""
        holder = desk.anybody(request)
        known = {each.id: each for each in await desk.api.open_lists(holder)}
        if list_id not in known:
            raise NotFound
        offset = _offset(request.query_params.get("fran", "0"))
        found = await desk.api.issues(holder, list_id, _plain(language), offset)
        languages = await desk.api.languages(holder, list_id)
        return desk.show(
            request, "archive", known=known[list_id], found=found, content=language,
            languages=languages,
        )  # fmt: skip

    @router.get("/nyhetsbrev/{list_id}/{language}/{issue_id}", dependencies=[ANYBODY])
    async def read(list_id: str, language: str, issue_id: str, request: Request) -> Response:
        """One letter, as it was sent."""
        holder = desk.anybody(request)
        try:
            issue = await desk.api.issue(
                holder, _plain(list_id), _plain(language), _plain(issue_id)
            )
        except SaidNo as no:
            return desk.sorry(request, no)
        return desk.show(request, "issue", issue=issue, list_id=list_id)


def _handed_on(router: APIRouter, api: NewsletterApi, hand_on: HandingOn) -> None:
    @router.get("/nyhetsbrev/{list_id}/{language}/atom.xml", dependencies=[_OPENLY])
    async def feed(list_id: str, language: str, request: Request) -> Response:
        """The feed, as publishing makes it, with its ETag."""
        path = f"/v1/archives/{_plain(list_id)}/{_plain(language)}/feed"
        return await hand_on(request, api.url(path))

    @router.get("/bilder/{image_id}", dependencies=[_OPENLY])
    async def image(image_id: str, request: Request) -> Response:
        """An image of a newsletter's."""
        del image_id
        return await hand_on(request, api.url(f"/v1/images/{rest_after(request, '/bilder/')}"))


def _plain(part: str) -> str:
    """A part of a path that means itself behind the door too. Raises NotFound."""
    if not part.isascii() or not part.replace("-", "").isalnum() or len(part) > 64:
        raise NotFound
    return part


def _offset(text: str) -> int:
    return min(int(text), _FARTHEST) if text.isascii() and text.isdigit() else 0
