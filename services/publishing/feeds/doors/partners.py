"""`/v1/partners`: staff make, change and end partners, and see whether they got everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.domain.reconciling import Got
from services.publishing.feeds.doors.answering import answered, nothing_more, shown, shown_once
from services.publishing.feeds.doors.models import (
    Deed,
    DoorOut,
    KeyShown,
    NewKey,
    NewPartner,
    OwedOut,
    PartnerChange,
    PartnerOut,
)
from services.publishing.feeds.doors.webhook_models import Items, items_example
from services.publishing.feeds.use_cases.keep_partners import KeepPartners
from services.publishing.feeds.use_cases.reckon import Reckon, Reckoned
from shared.kernel.actor import Actor
from shared.web.etags import IfMatch
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, Idempotency
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_Reader = Annotated[Actor, needs("partners.read")]
_Writer = Annotated[Actor, needs("partners.write")]


@dataclass(frozen=True, slots=True)
class PartnerDesk:
    """What the routes ask."""

    keep: KeepPartners
    reckon: Reckon
    once: Idempotency


def routes(desk: PartnerDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/partners", tags=["partners"])
    _reading(router, desk)
    _writing(router, desk)
    _changing(router, desk)
    _keys(router, desk)
    return router


def _reading(router: APIRouter, desk: PartnerDesk) -> None:
    @router.get(
        "",
        summary="Partner",
        description="Alla partner, efter kortnamn. All partners, by short name.",
        responses={200: listed_example(PartnerOut)},
    )
    async def listed(actor: _Reader, page: Page) -> Listing[PartnerOut]:
        del actor
        found, total = await desk.keep.partners.page(limit=page.limit, offset=page.offset)
        return listing([PartnerOut.of(one) for one in found], total, page)

    @router.get(
        "/{name}",
        summary="En partner",
        description="Vad den får läsa, varifrån, och dess nycklar utan hemligheter. One partner.",
        responses=documented(PartnerOut, 200, "Partnern, med ETag."),
    )
    async def one(actor: _Reader, name: str) -> Response:
        del actor
        return shown(PartnerOut.of(await desk.keep.one(name)))

    @router.get(
        "/{name}/history",
        summary="Vad som gjorts med en partner",
        description="Av vem och när, äldst först. What was done to it, by whom.",
        responses=items_example(Deed),
    )
    async def history(actor: _Reader, name: str) -> Items:
        del actor
        partner = await desk.keep.one(name)
        done = await desk.keep.partners.history(partner.id)
        return Items(items=[Deed.model_validate(one) for one in done])

    @router.get(
        "/{name}/owed",
        summary="Har de fått allt?",
        description="Vad partnern skulle ha, och vad den har fått genom varje dörr. What it was "
        "owed, and what it got, door by door.",
        responses=documented(OwedOut, 200, "Avstämningen."),
    )
    async def owed(actor: _Reader, name: str) -> OwedOut:
        del actor
        partner = await desk.keep.one(name)
        return owed_out(partner.name, await desk.reckon(partner))


def _writing(router: APIRouter, desk: PartnerDesk) -> None:
    @router.post(
        "",
        status_code=201,
        summary="Ny partner",
        description=KeepPartners.__doc__ or "",
        responses=documented(PartnerOut, 201, "Partnern; den behöver en nyckel."),
    )
    async def made(
        actor: _Writer, wanted: Annotated[NewPartner, sent(NewPartner)], once: AskedOnce
    ) -> Response:
        said, name = wanted.wanted(), wanted.name
        return await answered(
            desk.once,
            once,
            lambda also: desk.keep.add(name, said, also, by=actor.id),
            PartnerOut.of,
            201,
        )


def _changing(router: APIRouter, desk: PartnerDesk) -> None:
    @router.put(
        "/{name}",
        summary="Ändra en partner",
        description="Gäller från nu; det som redan hänt var de skyldiga enligt det gamla. "
        "From now on; what was told before was owed by what held then.",
        responses=documented(PartnerOut, 200, "Partnern som den är nu."),
    )
    async def changed(
        actor: _Writer,
        name: str,
        wanted: Annotated[PartnerChange, sent(PartnerChange)],
        version: IfMatch,
    ) -> Response:
        said = wanted.wanted()
        later = await desk.keep.change(name, said, version, nothing_more, by=actor.id)
        return shown(PartnerOut.of(later))

    @router.post(
        "/{name}/ending",
        summary="Avsluta en partner",
        description="Alla nycklar slutar gälla genast, och inget skickas mer. Everything of it "
        "stops at once.",
        responses=documented(PartnerOut, 200, "Partnern är avslutad."),
    )
    async def ended(actor: _Writer, name: str, once: AskedOnce) -> Response:
        return await answered(
            desk.once,
            once,
            lambda also: desk.keep.end(name, also, by=actor.id),
            PartnerOut.of,
        )


def _keys(router: APIRouter, desk: PartnerDesk) -> None:
    @router.post(
        "/{name}/keys",
        status_code=201,
        summary="Ny nyckel åt en partner",
        description="Visas en enda gång; vi sparar bara dess hash. Två kan gälla samtidigt. Shown "
        "this once: a copy of the request is answered 200, without it.",
        responses=documented(KeyShown, 201, "Nyckeln."),
    )
    async def made(
        actor: _Writer, name: str, wanted: Annotated[NewKey, sent(NewKey)], once: AskedOnce
    ) -> Response:
        partner = await desk.keep.one(name)
        return await shown_once(
            desk.once,
            once,
            lambda also: desk.keep.new_key(partner, wanted.expires_at, also, by=actor.id),
            key_shown,
        )

    @router.delete(
        "/{name}/keys/{key_id}",
        summary="Återkalla en nyckel",
        description="Den öppnar inget från och med nu. It opens nothing from now on.",
        responses=documented(PartnerOut, 200, "Partnern som den är nu."),
    )
    async def revoked(actor: _Writer, name: str, key_id: str) -> Response:
        partner = await desk.keep.one(name)
        later = await desk.keep.revoke_key(partner, key_id, nothing_more, by=actor.id)
        return shown(PartnerOut.of(later))


def key_shown(made: tuple[Partner, str], with_text: bool) -> KeyShown:
    """A new key, with or without the text that opens."""
    partner, text = made
    return KeyShown.of(partner, text if with_text else None)


def owed_out(name: str, found: Reckoned) -> OwedOut:
    """As it is answered, to staff and to the partner."""
    answer = found.answer
    return OwedOut(
        name=name,
        upto=found.upto,
        owed=answer.owed,
        given=answer.given,
        confirmed=answer.confirmed,
        everything=answer.everything,
        missing=list(answer.missing),
        doors=[_door(one) for one in found.doors],
    )


def _door(one: Got) -> DoorOut:
    return DoorOut(
        door=one.door,
        name=one.name,
        given=[tuple(each) for each in one.given],
        confirmed=[tuple(each) for each in one.confirmed],
        open=one.open,
        given_up=list(one.given_up),
        last_at=one.last_at,
    )
