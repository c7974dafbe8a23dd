"""`/v1/lists`: what can be subscribed to. `/v1/open-lists` is the part that anybody may know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from services.publishing.api.answering import answered, shown
from services.publishing.api.list_models import ListIn, ListOut, ListSaidIn, OpenListOut
from services.publishing.use_cases.keep_lists import KeepLists
from shared.kernel.actor import Actor
from shared.web.etags import IfMatch
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, Idempotency
from shared.web.paging import Listing, Paging, listing
from shared.web.permissions import needs, open_to_all

_Reader = Annotated[Actor, needs("lists.read")]
_Writer = Annotated[Actor, needs("lists.write")]
_Id = Annotated[str, Path(max_length=40, description="Listans id.")]
_MOST = 1000


@dataclass(frozen=True, slots=True)
class ListDesk:
    """What the routes ask."""

    lists: KeepLists
    once: Idempotency


def routes(desk: ListDesk) -> APIRouter:
    """All of them. There are few lists, so they come on one page."""
    router = APIRouter(prefix="/v1", tags=["lists"])
    _changing(router, desk)

    @router.get(
        "/lists",
        summary="Listor",
        description="Alla nyhetsbrevslistor. Every newsletter list.",
        responses={200: listed_example(ListOut)},
    )
    async def listed(actor: _Reader) -> Listing[ListOut]:
        found = [ListOut.of(each) for each in await desk.lists.all(by=actor)]
        return listing(found, len(found), Paging(_MOST, 0))

    @router.get(
        "/lists/{list_id}",
        summary="En lista",
        description="Listan med sin ETag. The list with its ETag.",
        responses=documented(ListOut, 200, "Listan."),
    )
    async def one(actor: _Reader, list_id: _Id) -> Response:
        return shown(ListOut.of(await desk.lists.one(list_id, by=actor)))

    @router.get(
        "/open-lists",
        summary="Listor som är öppna",
        description="Nyhetsbrev som vem som helst kan anmäla sig till, med texten som man säger "
        "ja till. What anybody can sign up for, and the words that they agree to.",
        responses={200: listed_example(OpenListOut)},
    )
    async def open_lists(
        actor: Annotated[Actor, open_to_all("the sign-up form shows them")],
    ) -> Listing[OpenListOut]:
        found = [OpenListOut.of(each) for each in await desk.lists.open(by=actor)]
        return listing(found, len(found), Paging(_MOST, 0))

    return router


def _changing(router: APIRouter, desk: ListDesk) -> None:
    @router.post(
        "/lists",
        status_code=201,
        summary="Gör en lista",
        description=KeepLists.__doc__ or "",
        responses=documented(ListOut, 201, "Listan finns."),
    )
    async def added(
        actor: _Writer, wanted: Annotated[ListIn, sent(ListIn)], once: AskedOnce
    ) -> Response:
        return await answered(
            desk.once,
            once,
            lambda also: desk.lists.add(wanted.id, wanted.said(), also, by=actor),
            ListOut.of,
            201,
        )

    @router.put(
        "/lists/{list_id}",
        summary="Ändra en lista",
        description="Namn, beskrivning, samtyckestext och om den är öppen. "
        + (KeepLists.__doc__ or ""),
        responses=documented(ListOut, 200, "Listan som den är nu."),
    )
    async def changed(
        actor: _Writer,
        list_id: _Id,
        wanted: Annotated[ListSaidIn, sent(ListSaidIn)],
        seen: IfMatch,
    ) -> Response:
        return await answered(
            desk.once,
            None,
            lambda also: desk.lists.change(list_id, wanted.said(), seen, also, by=actor),
            ListOut.of,
        )
