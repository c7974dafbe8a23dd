"""Publikationer: brochures and the handbook, to read, search and print; every edition of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import Holder
from services.web.library_api import LibraryApi
from services.web.pages import Pages
from services.web.proxy.handing_on import HandingOn
from services.web.public.visits import Visits
from shared.kernel.refusal import NotFound
from shared.web.permissions import open_to_all, passed_on

ANYBODY = open_to_all("brochures and the handbook are for everybody")
LATEST = "latest"
_PART = re.compile(r"[a-z0-9][a-z0-9.-]{0,60}")


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes ask."""

    pages: Pages
    api: LibraryApi
    visits: Visits

    def anybody(self, request: Request) -> Holder:
        """A visitor without a link."""
        return self.visits.holder(request, "")

    def show(self, request: Request, template: str, **facts: Any) -> Response:
        """A page of this part of the site."""
        return self.pages.show(request, f"library_{template}.html", **facts)


def routes(pages: Pages, api: LibraryApi, visits: Visits, hand_on: HandingOn) -> APIRouter:
    """`/publikationer…` and `/handboken`."""
    router = APIRouter(include_in_schema=False)
    desk = Desk(pages, api, visits)
    _listed(router, desk)
    _read(router, desk)
    _on_paper(router, api, hand_on)
    return router


def _listed(router: APIRouter, desk: Desk) -> None:
    @router.get("/publikationer", dependencies=[ANYBODY])
    async def listed(request: Request) -> Response:
        """What there is."""
        holder = desk.anybody(request)
        found = await desk.api.released(holder)
        printed = {each.publication for each in await desk.api.items(holder) if each.free}
        return desk.show(request, "list", found=found, printed=printed)

    @router.get("/handboken", dependencies=[ANYBODY])
    async def handbook(request: Request) -> Response:
        """Wherever the mentor handbook is."""
        for each in await desk.api.released(desk.anybody(request)):
            if each.kind == "handbook":
                return RedirectResponse(f"/publikationer/{each.id}", 307)
        raise NotFound


def _read(router: APIRouter, desk: Desk) -> None:
    @router.get("/publikationer/{publication}", dependencies=[ANYBODY])
    async def newest(publication: str, request: Request) -> Response:
        """Its newest edition."""
        return await _edition(desk, publication, LATEST, request)

    @router.get("/publikationer/{publication}/{edition}", dependencies=[ANYBODY])
    async def edition(publication: str, edition: str, request: Request) -> Response:
        """An edition, the newest or an older one; with `sok` what was found in it."""
        return await _edition(desk, publication, edition, request)


def _on_paper(router: APIRouter, api: LibraryApi, hand_on: HandingOn) -> None:
    openly = passed_on("publishing decides what everybody may read")

    @router.get("/publikationer/{publication}/{edition}/{language}.pdf", dependencies=[openly])
    async def pdf(publication: str, edition: str, language: str, request: Request) -> Response:
        """The PDF, as publishing has it."""
        path = f"/v1/library/{_plain(publication)}/{_plain(edition)}/pdf/{_plain(language)}"
        return await hand_on(request, api.url(path))


async def _edition(desk: Desk, publication: str, edition: str, request: Request) -> Response:
    holder = desk.anybody(request)
    asked = request.query_params.get("sprak", "")
    language = asked if _PART.fullmatch(asked) else holder.language
    read = await desk.api.edition(holder, _plain(publication), _plain(edition), language)
    editions = await desk.api.editions(holder, publication)
    words = request.query_params.get("sok", "").strip()
    found = (
        await desk.api.search(holder, publication, read.edition, read.language, words)
        if words
        else None
    )
    printed = {each.key for each in await desk.api.items(holder) if each.free}
    return desk.show(
        request,
        "edition",
        read=read,
        editions=editions,
        words=words,
        found=found,
        printed=f"{read.id}/{read.language}" in printed,
        at=f"/publikationer/{read.id}/{read.edition}",
    )


def _plain(part: str) -> str:
    """A part of a path that means itself behind the door too. Raises NotFound."""
    if not _PART.fullmatch(part):
        raise NotFound
    return part
