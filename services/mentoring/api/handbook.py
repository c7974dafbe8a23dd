"""`/v1/handbook`: which edition is out, and who has read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.mentoring.api.handbook_models import ConfirmationOut, EditionIn, HandbookOut
from services.mentoring.use_cases.handbook import ConfirmHandbook, SeeHandbook
from shared.kernel.actor import Actor
from shared.web.etags import etag
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import Answer, AskedOnce, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_Confirmer = Annotated[Actor, needs("handbook.confirm")]


@dataclass(frozen=True, slots=True)
class HandbookDesk:
    """What the routes ask."""

    see: SeeHandbook
    confirm: ConfirmHandbook


def routes(desk: HandbookDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/handbook", tags=["handbook"])
    _editions(router, desk)
    _confirmations(router, desk)
    return router


def _editions(router: APIRouter, desk: HandbookDesk) -> None:
    @router.get(
        "",
        summary="Handbokens utgåva",
        description=SeeHandbook.__doc__ or "",
        responses=documented(HandbookOut, 200, "Den senaste utgåvan, med ETag."),
    )
    async def shown(actor: _Confirmer, response: Response) -> HandbookOut:
        newest, read = await desk.see(by=actor)
        response.headers["ETag"] = etag(newest.version)
        return HandbookOut.of(newest, read)


def _confirmations(router: APIRouter, desk: HandbookDesk) -> None:
    @router.post(
        "/confirmations",
        status_code=201,
        summary="Jag har läst handboken",
        description=ConfirmHandbook.__doc__ or "",
        responses=documented(ConfirmationOut, 201, "Läsningen är bekräftad."),
    )
    async def confirmed(
        actor: _Confirmer, wanted: Annotated[EditionIn, sent(EditionIn)], once: AskedOnce
    ) -> Response:
        answer = await desk.confirm(
            wanted.edition,
            by=actor,
            once=once,
            present=lambda read: Answer.of(201, ConfirmationOut.of(read)),
        )
        return respond(answer)

    @router.get(
        "/confirmations",
        summary="Vilka som har läst",
        description=SeeHandbook.confirmations.__doc__ or "",
        responses={200: listed_example(ConfirmationOut)},
    )
    async def listed(
        actor: Annotated[Actor, needs("mentors.read")], page: Page
    ) -> Listing[ConfirmationOut]:
        found, total = await desk.see.confirmations(by=actor, limit=page.limit, offset=page.offset)
        return listing([ConfirmationOut.of(each) for each in found], total, page)
