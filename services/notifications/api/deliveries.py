"""Deliveries that a person must decide about: states and times, never a text or an address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from services.notifications.api.models import DeliveryOut, VerdictIn
from services.notifications.domain.delivery import Delivery
from services.notifications.use_cases.decide_uncertain import DecideUncertain
from services.notifications.use_cases.ports import Deliveries
from shared.kernel.actor import Actor
from shared.web.idempotency import Answer, AskedOnce, Idempotency, Session, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

Id = Annotated[str, Path(max_length=100, description="Id.")]


@dataclass(frozen=True, slots=True)
class DeliveryDesk:
    """What the routes ask."""

    deliveries: Deliveries
    decide: DecideUncertain
    once: Idempotency


def routes(desk: DeliveryDesk) -> APIRouter:
    """`/v1/deliveries…`: those that a person must decide about."""
    router = APIRouter(prefix="/v1", tags=["deliveries"])

    @router.get(
        "/deliveries",
        description="Utskick som ingen vet om de kom fram: en människa behöver avgöra.",
    )
    async def uncertain(
        actor: Annotated[Actor, needs("messages.read")], page: Page
    ) -> Listing[DeliveryOut]:
        found, total = await desk.deliveries.uncertain(
            limit=page.limit, offset=page.offset, by=actor
        )
        return listing([DeliveryOut.of(row) for row in found], total, page)

    @router.post(
        "/deliveries/{delivery_id}/verdict",
        description="Avgör vad som hände med ett ovisst utskick.",
        responses={200: {"model": DeliveryOut}},
    )
    async def verdict(
        actor: Annotated[Actor, needs("deliveries.decide")],
        delivery_id: Id,
        said: VerdictIn,
        key: AskedOnce,
    ) -> Response:
        async def work() -> Answer:
            answers: list[Answer] = []

            async def also(session: Session, row: Delivery) -> None:
                answers[:] = [Answer.of(200, DeliveryOut.of(row))]
                await desk.once.record(session, key, answers[0])

            await desk.decide(actor, delivery_id, said.verdict, also)
            return answers[0]

        return respond(await desk.once.once(key, work))

    return router
