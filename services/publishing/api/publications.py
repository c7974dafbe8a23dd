"""`/v1/publications`: what editors write and release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.publishing.api.answering import answered, shown
from services.publishing.api.publication_models import (
    DownloadsOut,
    DraftModel,
    NewEdition,
    NewPublication,
    PreviewOut,
    PublicationLine,
    PublicationOut,
    ReleasedOut,
    WordsToRead,
)
from services.publishing.domain.versions import parse
from services.publishing.use_cases.preview_publication import PreviewPublication
from services.publishing.use_cases.publication_ports import Publications
from services.publishing.use_cases.read_editions import SeeDownloads
from services.publishing.use_cases.release_edition import ReleaseEdition
from services.publishing.use_cases.write_publication import AddPublication, WriteDraft
from shared.kernel.actor import Actor
from shared.web.body_guard import MIB, big_body
from shared.web.etags import IfMatch
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, Idempotency
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_Reader = Annotated[Actor, needs("publications.read")]
_Writer = Annotated[Actor, needs("publications.write")]
_Language = Annotated[str, Query(max_length=35, description="språket, t.ex. sv")]
PDF: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "PDF:en, märkt enligt PDF/UA-1.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@dataclass(frozen=True, slots=True)
class PublicationDesk:
    """What the routes ask."""

    publications: Publications
    add: AddPublication
    write: WriteDraft
    preview: PreviewPublication
    release: ReleaseEdition
    downloads: SeeDownloads
    once: Idempotency


def routes(desk: PublicationDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/publications", tags=["publications"])
    _reading(router, desk)
    _writing(router, desk)
    _looking(router, desk)
    _releasing(router, desk)
    return router


def _reading(router: APIRouter, desk: PublicationDesk) -> None:
    @router.get(
        "",
        summary="Publikationer",
        description="Alla publikationer, också de som inte har getts ut. All publications, those "
        "that have no edition yet too.",
        responses={200: listed_example(PublicationLine)},
    )
    async def listed(actor: _Reader, page: Page) -> Listing[PublicationLine]:
        found, total = await desk.publications.listed(
            released=False, limit=page.limit, offset=page.offset, by=actor
        )
        return listing([PublicationLine.of(each) for each in found], total, page)

    @router.get(
        "/{publication}",
        summary="En publikation",
        description="En publikation med sitt utkast. A publication with its draft.",
        responses=documented(PublicationOut, 200, "Publikationen, med ETag."),
    )
    async def read(actor: _Reader, publication: str) -> Response:
        return shown(PublicationOut.whole(await desk.publications.read(publication, by=actor)))


def _writing(router: APIRouter, desk: PublicationDesk) -> None:
    @router.post(
        "",
        status_code=201,
        summary="Ny publikation",
        description=AddPublication.__doc__ or "",
        responses=documented(PublicationOut, 201, "Publikationen finns, utan text."),
    )
    async def added(
        actor: _Writer, wanted: Annotated[NewPublication, sent(NewPublication)], once: AskedOnce
    ) -> Response:
        return await answered(
            desk.once,
            once,
            lambda also: desk.add(wanted.id, wanted.kind, by=actor, also=also),
            PublicationOut.whole,
            201,
        )

    @router.put(
        "/{publication}/draft",
        summary="Skriv utkastet",
        description=WriteDraft.__doc__ or "",
        responses=documented(PublicationOut, 200, "Publikationen som den är nu, med ETag."),
        dependencies=[big_body(12 * MIB)],
    )
    async def written(
        actor: _Writer,
        publication: str,
        wanted: Annotated[DraftModel, sent(DraftModel)],
        version: IfMatch,
    ) -> Response:
        return await answered(
            desk.once,
            None,
            lambda also: desk.write(
                publication, wanted.draft(), version=version, by=actor, also=also
            ),
            PublicationOut.whole,
        )


def _looking(router: APIRouter, desk: PublicationDesk) -> None:
    @router.get(
        "/{publication}/draft/preview",
        summary="Så blir det på webben",
        description=PreviewPublication.__doc__ or "",
        responses=documented(PreviewOut, 200, "Utkastet på ett språk."),
    )
    async def previewed(actor: _Reader, publication: str, language: _Language) -> PreviewOut:
        return PreviewOut.of(await desk.preview(publication, language, by=actor))

    @router.post(
        "/{publication}/previews",
        summary="Förhandsvisa text som inte är sparad",
        description=PreviewPublication.unsaved.__doc__ or "",
        responses=documented(PreviewOut, 200, "Texten som den skulle bli; inget sparas."),
        dependencies=[big_body(6 * MIB)],
    )
    async def tried(
        actor: _Reader, publication: str, wanted: Annotated[WordsToRead, sent(WordsToRead)]
    ) -> PreviewOut:
        text = wanted.text()
        return PreviewOut.of(
            await desk.preview.unsaved(publication, wanted.language, text, by=actor)
        )

    @router.get(
        "/{publication}/draft/pdf",
        summary="Så blir det på papper",
        description="Utkastet på ett språk som PDF. The draft in one language as PDF.",
        response_class=Response,
        responses=PDF,
    )
    async def on_paper(actor: _Reader, publication: str, language: _Language) -> Response:
        made = await desk.preview.pdf(publication, language, by=actor)
        return Response(
            made, media_type="application/pdf", headers={"Cache-Control": "private, no-store"}
        )


def _releasing(router: APIRouter, desk: PublicationDesk) -> None:
    @router.post(
        "/{publication}/editions",
        status_code=201,
        summary="Ge ut en utgåva",
        description=ReleaseEdition.__doc__ or "",
        responses=documented(ReleasedOut, 201, "Utgåvan är ute."),
    )
    async def released(
        actor: _Writer,
        publication: str,
        wanted: Annotated[NewEdition, sent(NewEdition)],
        version: IfMatch,
        once: AskedOnce,
    ) -> Response:
        return await answered(
            desk.once,
            once,
            lambda also: desk.release(
                publication,
                parse(wanted.edition),
                wanted.changes,
                seen=version,
                by=actor,
                also=also,
            ),
            ReleasedOut.of,
            201,
        )

    @router.get(
        "/{publication}/editions/{edition}/downloads",
        summary="Hur ofta den har hämtats",
        description=SeeDownloads.__doc__ or "",
        responses=documented(DownloadsOut, 200, "Antal, totalt och per dag."),
    )
    async def downloads(actor: _Reader, publication: str, edition: str) -> DownloadsOut:
        total, days = await desk.downloads(publication, parse(edition), by=actor)
        return DownloadsOut(total=total, days=dict(days))
