"""`/v1/print-items`: printed copies that schools can order, and how staff keep count of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.publishing.api.answering import answered
from services.publishing.api.print_models import Count, Delivery, ItemOut, ItemsOut
from services.publishing.domain.shelf import shelf_id
from services.publishing.domain.versions import parse
from services.publishing.use_cases.stock_shelf import CountShelf, SeeShelves, StockShelf
from shared.kernel.actor import Actor
from shared.web.etags import IfMatch
from shared.web.examples import documented, sent
from shared.web.idempotency import AskedOnce, Idempotency
from shared.web.permissions import needs, open_to_all

_Writer = Annotated[Actor, needs("print-items.write")]


@dataclass(frozen=True, slots=True)
class ItemDesk:
    """What the routes ask."""

    see: SeeShelves
    stock: StockShelf
    count: CountShelf
    once: Idempotency


def routes(desk: ItemDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/print-items", tags=["print-items"])
    _seeing(router, desk)
    _counting(router, desk)
    return router


def _seeing(router: APIRouter, desk: ItemDesk) -> None:
    @router.get(
        "",
        summary="Vad som går att beställa tryckt",
        description=SeeShelves.__doc__ or "",
        responses=documented(ItemsOut, 200, "Allt som är tryckt."),
    )
    async def listed(
        actor: Annotated[Actor, open_to_all("schools order without an account")],
    ) -> ItemsOut:
        return ItemsOut(items=[ItemOut.of(each) for each in await desk.see(by=actor)])


def _counting(router: APIRouter, desk: ItemDesk) -> None:
    @router.post(
        "",
        status_code=201,
        summary="Ta emot från tryckeriet",
        description=StockShelf.__doc__ or "",
        responses=documented(ItemOut, 201, "Exemplaren finns på hyllan."),
    )
    async def stocked(
        actor: _Writer, wanted: Annotated[Delivery, sent(Delivery)], once: AskedOnce
    ) -> Response:
        return await answered(
            desk.once,
            once,
            lambda also: desk.stock(
                wanted.publication,
                wanted.language,
                parse(wanted.edition),
                wanted.copies,
                by=actor,
                also=also,
            ),
            ItemOut.of,
            201,
        )

    @router.patch(
        "/{publication}/{language}",
        summary="Räkna om, eller ändra gränsen per skola",
        description=CountShelf.__doc__ or "",
        responses=documented(ItemOut, 200, "Hyllan som den är nu, med ETag."),
    )
    async def counted(
        actor: _Writer,
        publication: str,
        language: str,
        wanted: Annotated[Count, sent(Count)],
        version: IfMatch,
    ) -> Response:
        return await answered(
            desk.once,
            None,
            lambda also: desk.count(
                shelf_id(publication, language), wanted.on, version=version, by=actor, also=also
            ),
            ItemOut.of,
        )
