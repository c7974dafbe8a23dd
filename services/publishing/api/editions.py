"""`/v1/library`: what was released, for everybody: to read, to search and to print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.publishing.api.edition_models import (
    EditionLine,
    EditionOut,
    EditionsOut,
    FoundOut,
    ReleasedLine,
    SearchOut,
)
from services.publishing.api.publications import PDF
from services.publishing.domain.searching import LONGEST
from services.publishing.use_cases.read_editions import FetchPdf, ReadEditions
from shared.kernel.actor import Actor
from shared.web.examples import documented, listed_example
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import open_to_all
from shared.web.unchanged import answer_if_changed, has_it

_Anybody = Annotated[Actor, open_to_all("brochures and the handbook are for everybody")]
_Language = Annotated[str, Query(max_length=35, description="önskat språk, t.ex. sv")]
_FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


@dataclass(frozen=True, slots=True)
class LibraryDesk:
    """What the routes ask."""

    read: ReadEditions
    pdf: FetchPdf


def routes(desk: LibraryDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/library", tags=["library"])
    _shelves(router, desk)
    _reading(router, desk)
    _on_paper(router, desk)
    return router


def _shelves(router: APIRouter, desk: LibraryDesk) -> None:
    @router.get(
        "",
        summary="Utgivna publikationer",
        description="Publikationer som har getts ut, efter adress. What was released, by address.",
        responses={200: listed_example(ReleasedLine)},
    )
    async def listed(actor: _Anybody, page: Page) -> Listing[ReleasedLine]:
        found, total = await desk.read.listed(limit=page.limit, offset=page.offset, by=actor)
        return listing([ReleasedLine.of(each) for each in found], total, page)

    @router.get(
        "/{publication}",
        summary="Alla utgåvor",
        description=ReadEditions.all_of.__doc__ or "",
        responses=documented(EditionsOut, 200, "Utgåvorna, den senaste först."),
    )
    async def editions(actor: _Anybody, publication: str) -> EditionsOut:
        found = await desk.read.all_of(publication, by=actor)
        return EditionsOut(id=publication, items=[EditionLine.of(each) for each in found])


def _reading(router: APIRouter, desk: LibraryDesk) -> None:
    @router.get(
        "/{publication}/{edition}",
        summary="Läs en utgåva",
        description=ReadEditions.__doc__ or "",
        responses=documented(EditionOut, 200, "Utgåvan, med ETag."),
    )
    async def read(
        request: Request, actor: _Anybody, publication: str, edition: str, language: _Language = ""
    ) -> Response:
        found = await desk.read(publication, edition, language, by=actor)
        content = EditionOut.of(found).model_dump_json().encode()
        return answer_if_changed(request, content, "application/json")

    @router.get(
        "/{publication}/{edition}/search",
        summary="Sök i en utgåva",
        description=ReadEditions.search.__doc__ or "",
        responses=documented(SearchOut, 200, "Avsnitten, de bästa först."),
    )
    async def searched(
        actor: _Anybody,
        publication: str,
        edition: str,
        q: Annotated[str, Query(max_length=LONGEST, description="ord att söka efter")],
        language: _Language = "",
    ) -> SearchOut:
        reading, found = await desk.read.search(publication, edition, language, q, by=actor)
        return SearchOut(
            language=reading.language,
            title=reading.edition.texts[reading.language].title,
            items=[FoundOut.of(each) for each in found],
        )


def _on_paper(router: APIRouter, desk: LibraryDesk) -> None:
    @router.get(
        "/{publication}/{edition}/pdf/{language}",
        summary="Utgåvan som PDF",
        description=FetchPdf.__doc__ or "",
        response_class=Response,
        responses=PDF,
    )
    async def fetched(
        request: Request, actor: _Anybody, publication: str, edition: str, language: str
    ) -> Response:
        found = await desk.pdf(publication, edition, language, by=actor)
        etag = f'"{found.digest[:32]}"'
        name = f"{publication}-{edition}-{language}.pdf"
        headers = {
            **_FOR_EVER,
            "ETag": etag,
            "Content-Disposition": f'inline; filename="{name}"',
        }
        if has_it(request, etag):
            return Response(status_code=304, headers=headers)
        await desk.pdf.count(publication, edition, language)
        return Response(found.content, media_type="application/pdf", headers=headers)
