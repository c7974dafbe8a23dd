"""`/v1/my-print-order`: a school's own order, opened by the secret of its link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from services.publishing.api.answering import answered, shown
from services.publishing.api.print_models import OrderSeen
from services.publishing.use_cases.order_prints import CancelOrder
from services.publishing.use_cases.publication_ports import PrintOrders
from shared.kernel.actor import ANYBODY, Actor
from shared.web.examples import documented
from shared.web.idempotency import Idempotency, RequestKey, asked_once
from shared.web.permissions import link_holder

# After the link in the signature: who asks is looked at before anything else that may be wrong.
_ONCE: Any = Depends(asked_once)


@dataclass(frozen=True, slots=True)
class SchoolDesk:
    """What the routes ask."""

    orders: PrintOrders
    cancel: CancelOrder
    once: Idempotency


def routes(desk: SchoolDesk) -> APIRouter:
    """Both."""

    async def me(secret_hash: Annotated[str, link_holder]) -> Actor:
        """The holder of this order's link; 404 for a link of nobody."""
        order = await desk.orders.by_link(secret_hash, by=ANYBODY)
        return Actor(kind="participant", id=order.id)

    who = Depends(me)
    router = APIRouter(prefix="/v1/my-print-order", tags=["my-print-order"])

    @router.get(
        "",
        summary="Min beställning",
        description="Vad som är beställt och var det är. What was ordered, and where it is.",
        responses=documented(OrderSeen, 200, "Beställningen, med ETag."),
    )
    async def read(actor: Actor = who) -> Response:
        return shown(OrderSeen.of(await desk.orders.read(actor.id, by=actor)))

    @router.post(
        "/cancellation",
        summary="Avboka min beställning",
        description=CancelOrder.__doc__ or "",
        responses=documented(OrderSeen, 200, "Beställningen är avbokad."),
    )
    async def cancelled(actor: Actor = who, once: RequestKey | None = _ONCE) -> Response:
        return await answered(
            desk.once,
            once,
            lambda also: desk.cancel(actor.id, "by-school", version=None, by=actor, also=also),
            OrderSeen.of,
        )

    return router
