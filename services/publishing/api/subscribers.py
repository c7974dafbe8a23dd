"""`/v1/subscribers`: how people stand on the lists. An address is shown only with a trace."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from services.publishing.api.answering import answered, shown
from services.publishing.api.subscriber_models import (
    AddressIn,
    AddressOut,
    AskedOut,
    StaffSignUpIn,
    SubscriberOut,
)
from services.publishing.use_cases.forget_subscriber import ForgetWhenAsked
from services.publishing.use_cases.leave_list import LeaveList
from services.publishing.use_cases.see_subscribers import (
    FindByAddress,
    ReadAddress,
    SeeSubscribers,
)
from services.publishing.use_cases.sign_up import SignUp, Wish
from shared.kernel.actor import Actor
from shared.web.etags import IfMatch
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, Idempotency
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_Reader = Annotated[Actor, needs("subscribers.read")]
_Writer = Annotated[Actor, needs("subscribers.write")]
_Toucher = Annotated[Actor, needs("addresses.read")]
_Id = Annotated[uuid.UUID, Path(description="Prenumerantens id.")]
_ListId = Annotated[str, Path(max_length=40, description="Listans id.")]


@dataclass(frozen=True, slots=True)
class SubscriberDesk:
    """What the routes ask."""

    see: SeeSubscribers
    read: ReadAddress
    find: FindByAddress
    sign_up: SignUp
    leave: LeaveList
    forget: ForgetWhenAsked
    once: Idempotency


def routes(desk: SubscriberDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1", tags=["subscribers"])
    _addresses(router, desk)
    _changing(router, desk)
    _forgetting(router, desk)

    @router.get(
        "/subscribers",
        summary="Prenumeranter",
        description=SeeSubscribers.__doc__ or "",
        responses={200: listed_example(SubscriberOut)},
    )
    async def listed(
        actor: _Reader,
        page: Page,
        list_id: Annotated[
            str | None, Query(alias="list", pattern=r"^[a-z0-9-]{1,40}$", description="Listan.")
        ] = None,
        state: Annotated[
            Literal["pending", "confirmed", "left", "lapsed"],
            Query(description="Hur de står på listan."),
        ] = "confirmed",
    ) -> Listing[SubscriberOut]:
        asked = {} if list_id is None else {"list": list_id, "state": state}
        found, total = await desk.see(asked, limit=page.limit, offset=page.offset, by=actor)
        return listing([SubscriberOut.of(each) for each in found], total, page)

    @router.get(
        "/subscribers/{subscriber}",
        summary="En prenumerant",
        description="Hur någon står på listorna, och samtyckena. How somebody stands, and the "
        "receipts of their consent.",
        responses=documented(SubscriberOut, 200, "Prenumeranten."),
    )
    async def one(actor: _Reader, subscriber: _Id) -> Response:
        return shown(SubscriberOut.of(await desk.see.one(subscriber, by=actor)))

    return router


def _addresses(router: APIRouter, desk: SubscriberDesk) -> None:
    @router.post(
        "/subscriber-searches",
        summary="Vem har adressen",
        description=FindByAddress.__doc__ or "",
        responses=documented(SubscriberOut, 200, "Prenumeranten."),
    )
    async def searched(actor: _Toucher, asked: Annotated[AddressIn, sent(AddressIn)]) -> Response:
        return shown(SubscriberOut.of(await desk.find(asked.email, by=actor)))

    @router.get(
        "/subscribers/{subscriber}/address",
        summary="Adressen",
        description=ReadAddress.__doc__ or "",
        responses=documented(AddressOut, 200, "Adress och namn."),
    )
    async def address(actor: _Toucher, subscriber: _Id) -> AddressOut:
        return AddressOut.of(str(subscriber), await desk.read(subscriber, by=actor))


def _forgetting(router: APIRouter, desk: SubscriberDesk) -> None:
    @router.delete(
        "/subscribers/{subscriber}",
        status_code=204,
        summary="Glöm någon",
        description=ForgetWhenAsked.__doc__ or "",
    )
    async def forgotten(
        actor: Annotated[Actor, needs("subscribers.forget")], subscriber: _Id
    ) -> None:
        await desk.forget.by_staff(subscriber, by=actor)


def _changing(router: APIRouter, desk: SubscriberDesk) -> None:
    @router.post(
        "/subscribers",
        status_code=202,
        summary="Anmäl någon",
        description="Den som äger adressen bekräftar själv, ur ett brev. The owner of the address "
        "confirms, by a letter that is sent there.",
        responses=documented(AskedOut, 202, "Anmälan har kommit in."),
    )
    async def asked(
        actor: _Writer, wanted: Annotated[StaffSignUpIn, sent(StaffSignUpIn)], once: AskedOnce
    ) -> Response:
        wish = Wish(
            wanted.email, frozenset(wanted.lists), wanted.language, wanted.source, wanted.name
        )
        return await answered(
            desk.once,
            once,
            lambda also: desk.sign_up(wish, also, by=actor),
            lambda _: AskedOut(),
            202,
        )

    @router.delete(
        "/subscribers/{subscriber}/lists/{list_id}",
        summary="Ta någon av en lista",
        description="När någon har sagt det på annat sätt. When somebody said so in another way.",
        responses=documented(SubscriberOut, 200, "Prenumeranten som det är nu."),
    )
    async def left(actor: _Writer, subscriber: _Id, list_id: _ListId, seen: IfMatch) -> Response:
        return await answered(
            desk.once,
            None,
            lambda also: desk.leave.staff(subscriber, list_id, seen, also, by=actor),
            SubscriberOut.of,
        )
