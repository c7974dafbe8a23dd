"""Early warnings: members post and withdraw, editors approve, edit or decline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.publishing.feeds.domain.partner import ensure_scope
from services.publishing.feeds.doors.access import Access
from services.publishing.feeds.doors.answering import answered, shown
from services.publishing.feeds.doors.bulletin_models import (
    Approval,
    BulletinOut,
    Decline,
    NewBulletin,
)
from services.publishing.feeds.doors.models import Deed
from services.publishing.feeds.doors.webhook_models import Items, items_example
from services.publishing.feeds.use_cases.come_in import Came
from services.publishing.feeds.use_cases.post_bulletins import PostBulletins
from shared.kernel.actor import Actor
from shared.web.etags import IfMatch
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, Idempotency
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_POST = "cews:post"
_Editor = Annotated[Actor, needs("bulletins.decide")]


@dataclass(frozen=True, slots=True)
class BulletinDesk:
    """What the routes ask."""

    access: Access
    post: PostBulletins
    once: Idempotency


def routes(desk: BulletinDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1", tags=["bulletins"])
    _members(router, desk)
    _own(router, desk)
    _editors(router, desk)
    _deciding(router, desk)
    _ending(router, desk)
    return router


def _members(router: APIRouter, desk: BulletinDesk) -> None:
    partner = desk.access.partner

    @router.post(
        "/partner/bulletins",
        status_code=201,
        summary="Lämna en tidig varning",
        description="En redaktör läser den innan andra medlemmar får den. Personuppgifter avvisas "
        "med sin plats i texten. An editor reads it before other members get it.",
        responses=documented(BulletinOut, 201, "Den väntar på en redaktör."),
    )
    async def posted(
        *,
        came: Came = partner,
        wanted: Annotated[NewBulletin, sent(NewBulletin)],
        once: AskedOnce,
    ) -> Response:
        ensure_scope(came.partner, _POST)
        by, says, spans = _actor(came), wanted.warned(), wanted.spans()
        return await answered(
            desk.once,
            once,
            lambda also: desk.post.post(came.partner, says, spans, also, by=by),
            BulletinOut.of,
            201,
        )


def _own(router: APIRouter, desk: BulletinDesk) -> None:
    partner = desk.access.partner

    @router.get(
        "/partner/bulletins",
        summary="Våra tidiga varningar",
        description="De ni har lämnat, och vad det blev av dem. Those you posted.",
        responses=items_example(BulletinOut),
    )
    async def own(*, came: Came = partner) -> Items:
        ensure_scope(came.partner, _POST)
        found = await desk.post.bulletins.of_partner(came.partner.id, limit=100, by=_actor(came))
        return Items(items=[BulletinOut.of(one) for one in found])

    @router.post(
        "/partner/bulletins/{bulletin_id}/withdrawal",
        summary="Ta tillbaka en tidig varning",
        description="De som fått den får veta det, och orden tas bort ur flödet. Taken back.",
        responses=documented(BulletinOut, 200, "Tillbakadragen."),
    )
    async def withdrawn(*, came: Came = partner, bulletin_id: str, once: AskedOnce) -> Response:
        ensure_scope(came.partner, _POST)
        return await answered(
            desk.once,
            once,
            lambda also: desk.post.withdraw(
                bulletin_id, also, by=_actor(came), partner_id=came.partner.id
            ),
            BulletinOut.of,
        )


def _editors(router: APIRouter, desk: BulletinDesk) -> None:
    @router.get(
        "/bulletins",
        summary="Tidiga varningar",
        description="Nyast först. Early warnings, newest first.",
        responses={200: listed_example(BulletinOut)},
    )
    async def listed(
        actor: _Editor,
        page: Page,
        state: Annotated[
            Literal["waiting", "approved", "declined", "withdrawn"] | None,
            Query(description="Bara de i det läget."),
        ] = None,
    ) -> Listing[BulletinOut]:
        found, total = await desk.post.page(state, limit=page.limit, offset=page.offset, by=actor)
        return listing([BulletinOut.of(one) for one in found], total, page)

    @router.get(
        "/bulletins/{bulletin_id}",
        summary="En tidig varning",
        description="Som den står, med ETag. As it stands.",
        responses=documented(BulletinOut, 200, "Varningen, med ETag."),
    )
    async def one(actor: _Editor, bulletin_id: str) -> Response:
        return shown(BulletinOut.of(await desk.post.read(bulletin_id, by=actor)))

    @router.get(
        "/bulletins/{bulletin_id}/history",
        summary="Vad som gjorts med en tidig varning",
        description="Av vem och när, äldst först. What was done to it, by whom.",
        responses=items_example(Deed),
    )
    async def history(actor: Annotated[Actor, needs("partners.read")], bulletin_id: str) -> Items:
        done = await desk.post.bulletins.history(bulletin_id, by=actor)
        return Items(items=[Deed.model_validate(one) for one in done])


def _deciding(router: APIRouter, desk: BulletinDesk) -> None:
    prefix = "/bulletins/{bulletin_id}"

    @router.post(
        f"{prefix}/approval",
        summary="Godkänn en tidig varning",
        description="Medlemmarna får den, som den står eller som du har skrivit om den. Members "
        "get it.",
        responses=documented(BulletinOut, 200, "Godkänd."),
    )
    async def approved(
        actor: _Editor,
        bulletin_id: str,
        wanted: Annotated[Approval, sent(Approval)],
        version: IfMatch,
        once: AskedOnce,
    ) -> Response:
        says = wanted.says.warned() if wanted.says else None
        return await answered(
            desk.once,
            once,
            lambda also: desk.post.approve(bulletin_id, says, version, also, by=actor),
            BulletinOut.of,
        )


def _ending(router: APIRouter, desk: BulletinDesk) -> None:
    prefix = "/bulletins/{bulletin_id}"

    @router.post(
        f"{prefix}/refusal",
        summary="Avslå en tidig varning",
        description="Ingen får den; den som lämnade den läser varför. Nobody gets it.",
        responses=documented(BulletinOut, 200, "Avslagen."),
    )
    async def declined(
        actor: _Editor,
        bulletin_id: str,
        wanted: Annotated[Decline, sent(Decline)],
        version: IfMatch,
        once: AskedOnce,
    ) -> Response:
        reason = wanted.reason
        return await answered(
            desk.once,
            once,
            lambda also: desk.post.decline(bulletin_id, reason, version, also, by=actor),
            BulletinOut.of,
        )

    @router.post(
        f"{prefix}/withdrawal",
        summary="Ta tillbaka en tidig varning",
        description="De som fått den får veta det, och orden tas bort ur flödet. Taken back.",
        responses=documented(BulletinOut, 200, "Tillbakadragen."),
    )
    async def withdrawn(actor: _Editor, bulletin_id: str, once: AskedOnce) -> Response:
        return await answered(
            desk.once,
            once,
            lambda also: desk.post.withdraw(bulletin_id, also, by=actor),
            BulletinOut.of,
        )


def _actor(came: Came) -> Actor:
    return Actor(kind="service", id=f"partner/{came.partner.id}")
