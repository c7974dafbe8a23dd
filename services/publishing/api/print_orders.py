"""`/v1/print-orders`: schools order, staff pack and send."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.publishing.api.answering import answered, shown
from services.publishing.api.print_models import (
    ContactModel,
    KeptOut,
    NewOrder,
    OrderOut,
    PlacedOut,
    Step,
)
from services.publishing.api.publications import PDF
from services.publishing.domain.order_number import read_number
from services.publishing.domain.print_order import State
from services.publishing.use_cases.handle_print_orders import (
    MovePrintOrder,
    PickList,
    SeePrintOrders,
)
from services.publishing.use_cases.order_prints import CancelOrder, OrderPrints, Placed
from shared.kernel.actor import Actor
from shared.kernel.ids import deterministic_id, new_id
from shared.web.etags import IfMatch
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, Idempotency
from shared.web.paging import Listing, Page, Paging, listing
from shared.web.permissions import needs, open_to_all

_Reader = Annotated[Actor, needs("print-orders.read")]
_Writer = Annotated[Actor, needs("print-orders.write")]
_DONE = documented(OrderOut, 200, "Beställningen som den är nu, med ETag.")


@dataclass(frozen=True, slots=True)
class OrderDesk:
    """What the routes ask."""

    place: OrderPrints
    see: SeePrintOrders
    move: MovePrintOrder
    cancel: CancelOrder
    pick: PickList
    once: Idempotency


def routes(desk: OrderDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/print-orders", tags=["print-orders"])
    _placing(router, desk)
    _seeing(router, desk)
    _reaching(router, desk)
    _moving(router, desk)
    return router


def _placing(router: APIRouter, desk: OrderDesk) -> None:
    @router.post(
        "",
        status_code=201,
        summary="Beställ tryckta exemplar",
        description=OrderPrints.__doc__ or "",
        responses=documented(PlacedOut, 201, "Beställningen är mottagen."),
    )
    async def placed(
        actor: Annotated[Actor, open_to_all("schools order without an account")],
        wanted: Annotated[NewOrder, sent(NewOrder)],
        once: AskedOnce,
    ) -> Response:
        # The key makes the order: the same key is the same order, long after its answer is gone.
        order_id = new_id() if once is None else deterministic_id("print-order", once.id)
        answer = await answered(
            desk.once,
            once,
            lambda also: desk.place(wanted.wanted(), order_id, by=actor, also=also),
            _kept,
            201,
        )
        kept = KeptOut.model_validate(json.loads(bytes(answer.body)))
        secret = desk.place.links.secret_of(kept.id)
        told = PlacedOut(**kept.model_dump(), link_secret=secret)
        return Response(told.model_dump_json(), status_code=201, media_type="application/json")


def _seeing(router: APIRouter, desk: OrderDesk) -> None:
    @router.get(
        "",
        summary="Beställningar",
        description=SeePrintOrders.__doc__ or "",
        responses={200: listed_example(OrderOut)},
    )
    async def listed(
        actor: _Reader,
        page: Page,
        state: State | None = None,
        number: Annotated[
            str | None, Query(max_length=20, description="som den sägs i telefon")
        ] = None,
    ) -> Listing[OrderOut]:
        if number is not None:
            one = await desk.see.by_number(read_number(number), by=actor)
            return listing([OrderOut.of(one)], 1, Paging(page.limit, 0))
        found, total = await desk.see.listed(state, limit=page.limit, offset=page.offset, by=actor)
        return listing([OrderOut.of(each) for each in found], total, page)

    @router.get(
        "/pick-list",
        summary="Plocklista",
        description=PickList.__doc__ or "",
        response_class=Response,
        responses=PDF,
    )
    async def picked(actor: _Reader) -> Response:
        made = await desk.pick(by=actor)
        return Response(
            made, media_type="application/pdf", headers={"Cache-Control": "private, no-store"}
        )


def _reaching(router: APIRouter, desk: OrderDesk) -> None:
    @router.get(
        "/{order_id}",
        summary="En beställning",
        description="En beställning, utan den som den skickas till. One order, without whom it is "
        "sent to.",
        responses=documented(OrderOut, 200, "Beställningen, med ETag."),
    )
    async def read(actor: _Reader, order_id: str) -> Response:
        return shown(OrderOut.of(await desk.see(order_id, by=actor)))

    @router.get(
        "/{order_id}/contact",
        summary="Vem den skickas till",
        description=SeePrintOrders.contact.__doc__ or "",
        responses=documented(ContactModel, 200, "Namn och adress."),
    )
    async def contact(actor: _Reader, order_id: str, response: Response) -> ContactModel:
        response.headers["Cache-Control"] = "private, no-store"
        return ContactModel.of(await desk.see.contact(order_id, by=actor))


def _moving(router: APIRouter, desk: OrderDesk) -> None:
    @router.put(
        "/{order_id}/state",
        summary="Packad, skickad, levererad",
        description=MovePrintOrder.__doc__ or "",
        responses=_DONE,
    )
    async def moved(
        actor: _Writer, order_id: str, wanted: Annotated[Step, sent(Step)], version: IfMatch
    ) -> Response:
        return await answered(
            desk.once,
            None,
            lambda also: desk.move(order_id, wanted.state, version=version, by=actor, also=also),
            OrderOut.of,
        )

    @router.post(
        "/{order_id}/cancellation",
        summary="Avboka",
        description=CancelOrder.__doc__ or "",
        responses=_DONE,
    )
    async def cancelled(
        actor: _Writer, order_id: str, version: IfMatch, once: AskedOnce
    ) -> Response:
        return await answered(
            desk.once,
            once,
            lambda also: desk.cancel(order_id, "by-staff", version=version, by=actor, also=also),
            OrderOut.of,
        )


def _kept(placed: Placed) -> KeptOut:
    one = placed.order
    return KeptOut(id=one.id, number=one.number, copies=one.copies)
