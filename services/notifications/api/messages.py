"""What staff see of messages and deliveries: states and times, never a text or an address."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from services.notifications.api.models import DeliveryOut, MessageOut, MessageShown, VerdictIn
from services.notifications.domain.delivery import Delivery
from services.notifications.house import House
from services.notifications.use_cases.decide_uncertain import DecideUncertain
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.web.idempotency import Answer, AskedOnce, Idempotency, Session, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

Id = Annotated[str, Path(max_length=100, description="Id.")]
Wanted = Annotated[str | None, Query(max_length=100)]


def message_routes(house: House) -> APIRouter:
    """`/v1/messages…`."""
    router = APIRouter(prefix="/v1", tags=["messages"])
    stores = house.stores

    @router.get(
        "/messages",
        description="Meddelanden, nyast först: om ett ämne (t.ex. en bokning) eller till någon.",
        dependencies=[needs("messages.read")],
    )
    async def messages(
        page: Page, subject: Wanted = None, recipient: Wanted = None
    ) -> Listing[MessageOut]:
        asked: dict[str, Any] = {}
        if subject is not None:
            asked["about"] = subject
        if recipient is not None:
            asked["recipient"] = recipient if ":" in recipient else f"booking:{recipient}"
        found, total = await stores.messages.page(asked, limit=page.limit, offset=page.offset)
        shown = [MessageOut(**MessageOut.fields_of(each)) for each in found]
        return listing(shown, total, page)

    @router.get(
        "/messages/{message_id}",
        description="Ett meddelande med sina utskick och hur det gick.",
        dependencies=[needs("messages.read")],
    )
    async def message(message_id: Id) -> MessageShown:
        found = await stores.messages.find(message_id)
        if found is None:
            raise NotFound
        rows = [DeliveryOut.of(row) for row in await stores.deliveries.of(message_id)]
        return MessageShown(**MessageShown.fields_of(found), deliveries=rows)

    return router


def delivery_routes(house: House) -> APIRouter:
    """`/v1/deliveries…`: those that a person must decide about."""
    router = APIRouter(prefix="/v1", tags=["deliveries"])
    stores = house.stores
    idempotency = Idempotency(stores.database)
    decide = DecideUncertain(stores.deliveries, house.conclude, stores.transact)

    @router.get(
        "/deliveries",
        description="Utskick som ingen vet om de kom fram: en människa behöver avgöra.",
        dependencies=[needs("messages.read")],
    )
    async def uncertain(page: Page) -> Listing[DeliveryOut]:
        found, total = await stores.deliveries.uncertain(limit=page.limit, offset=page.offset)
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
                await idempotency.record(session, key, answers[0])

            await decide(actor, delivery_id, said.verdict, also)
            return answers[0]

        return respond(await idempotency.once(key, work))

    return router
