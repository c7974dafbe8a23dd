"""`/v1/attention`: what waits for you. `/v1/my-contact`: where to be told that something does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.responses import Response

from services.mentoring.api.case_models import AT, ID
from services.mentoring.use_cases.see_attention import (
    LeaveOwnContact,
    Notice,
    NoticeSeen,
    SeeAttention,
)
from shared.kernel.actor import Actor
from shared.web.examples import listed_example, sent
from shared.web.idempotency import Answer, AskedOnce, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_Staff = Annotated[Actor, needs("attention.read")]


class NoticeOut(BaseModel):
    """A case that somebody should look at; `kind` is what happened, in a code word."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": ID,
                "case_id": ID,
                "pseudonym": "Björk-Lykta",
                "kind": "GlassOpened",
                "at": AT,
            }
        }
    )

    id: str
    case_id: str
    pseudonym: str | None = Field(description="null för den som inte får komma nära ärendet än")
    kind: str
    at: datetime

    @classmethod
    def of(cls, notice: Notice) -> NoticeOut:
        """From the use case."""
        kept = notice.kept
        return cls(
            id=kept["_id"],
            case_id=kept["case_id"],
            pseudonym=notice.pseudonym,
            kind=kept["kind"],
            at=kept["at"],
        )


class ContactIn(BaseModel):
    """Your own phone number or e-mail address at work."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"phone": "+46701740605", "email": ""}}
    )

    phone: Annotated[str, StringConstraints(pattern=r"^(\+[0-9]{7,15})?$")] = ""
    email: Annotated[str, StringConstraints(pattern=r"^([^@\s]{1,64}@[^@\s]{1,190})?$")] = ""


@dataclass(frozen=True, slots=True)
class AttentionDesk:
    """What the routes ask."""

    see: SeeAttention
    leave: LeaveOwnContact
    looked: NoticeSeen


def routes(desk: AttentionDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1", tags=["attention"])

    @router.get(
        "/attention",
        summary="Det som väntar på dig",
        description=SeeAttention.__doc__ or "",
        responses={200: listed_example(NoticeOut)},
    )
    async def waiting(actor: _Staff, page: Page) -> Listing[NoticeOut]:
        found, total = await desk.see(by=actor, limit=page.limit, offset=page.offset)
        return listing([NoticeOut.of(each) for each in found], total, page)

    @router.post(
        "/my-contact",
        status_code=204,
        summary="Lämna din kontaktväg",
        description=LeaveOwnContact.__doc__ or "",
    )
    async def left(
        actor: _Staff, wanted: Annotated[ContactIn, sent(ContactIn)], once: AskedOnce
    ) -> Response:
        answer = await desk.leave(
            wanted.phone, wanted.email, by=actor, once=once, present=Answer(204, b"")
        )
        return respond(answer)

    @router.put(
        "/attention/{notice_id}/seen",
        status_code=204,
        summary="Du har tittat",
        description=NoticeSeen.__doc__ or "",
    )
    async def looked(actor: _Staff, notice_id: str) -> None:
        await desk.looked(notice_id, by=actor)

    return router
