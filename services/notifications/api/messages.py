"""What staff see of messages and deliveries: states and times, never a text or an address."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query

from services.notifications.api.models import DeliveryOut, MessageOut, MessageShown
from services.notifications.house import House
from shared.kernel.refusal import NotFound
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

Id = Annotated[str, Path(max_length=100, description="Id.")]
Wanted = Annotated[str | None, Query(max_length=100)]


def routes(house: House) -> APIRouter:
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
