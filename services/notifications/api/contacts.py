"""Reading somebody's addresses: recorded first, answered then."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query

from services.notifications.api.models import ContactOut
from services.notifications.domain.recipient_card import Recipient
from services.notifications.use_cases.read_contact import ReadContact
from shared.kernel.actor import Actor
from shared.web.permissions import needs

ID = r"^[A-Za-z0-9._@-]{1,100}$"


def routes(read: ReadContact) -> APIRouter:
    """`/v1/recipients/{id}/contact`."""
    router = APIRouter(prefix="/v1", tags=["recipients"])

    @router.get(
        "/recipients/{recipient_id}/contact",
        description="Mottagarens kontaktuppgifter. Läsningen sparas innan svaret lämnas.",
    )
    async def contact(
        actor: Annotated[Actor, needs("contacts.read")],
        recipient_id: Annotated[str, Path(pattern=ID, description="Mottagarens id.")],
        source: Annotated[Literal["booking"], Query(description="Vems mottagare.")] = "booking",
    ) -> ContactOut:
        found = await read(actor, Recipient(source, recipient_id))
        return ContactOut(
            recipient_id=recipient_id,
            name=found.name,
            phone=found.phone,
            email=found.email,
            language=found.language,
        )

    return router
