"""What staff see of messages and deliveries: states and times, never a text or an address."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from services.notifications.api.models import DeliveryOut, MessageOut, MessageShown
from services.notifications.domain.recipient_card import Recipient
from services.notifications.use_cases.see_messages import SeeMessages
from shared.kernel.actor import Actor
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

Id = Annotated[str, Path(max_length=100, description="Id.")]
Reader = Annotated[Actor, needs("messages.read")]
Wanted = Annotated[str | None, Query(max_length=100)]


def routes(see: SeeMessages) -> APIRouter:
    """`/v1/messages…`."""
    router = APIRouter(prefix="/v1", tags=["messages"])

    @router.get(
        "/messages",
        description="Meddelanden, nyast först: om ett ämne (t.ex. en bokning) eller till någon.",
    )
    async def messages(
        actor: Reader, page: Page, subject: Wanted = None, recipient: Wanted = None
    ) -> Listing[MessageOut]:
        found, total = await see.page(
            about=subject,
            recipient=_recipient(recipient) if recipient is not None else None,
            limit=page.limit,
            offset=page.offset,
            by=actor,
        )
        shown = [MessageOut(**MessageOut.fields_of(each)) for each in found]
        return listing(shown, total, page)

    @router.get(
        "/messages/{message_id}",
        description="Ett meddelande med sina utskick och hur det gick.",
    )
    async def message(actor: Reader, message_id: Id) -> MessageShown:
        found, deliveries = await see.one(message_id, by=actor)
        rows = [DeliveryOut.of(row) for row in deliveries]
        return MessageShown(**MessageShown.fields_of(found), deliveries=rows)

    return router


def _recipient(text: str) -> Recipient:
    """`booking:0190…`, or an id alone, which is then booking's."""
    source, _, recipient_id = text.rpartition(":")
    return Recipient(source or "booking", recipient_id)
