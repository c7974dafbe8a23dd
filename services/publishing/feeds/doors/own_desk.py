"""`/v1/partner`: a partner looks after its own connection – keys, receipts, notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.publishing.feeds.domain.partner import ensure_scope
from services.publishing.feeds.doors.access import Access
from services.publishing.feeds.doors.answering import nothing_more, shown, shown_once
from services.publishing.feeds.doors.models import KeyShown, NewKey, OwedOut, PartnerOut
from services.publishing.feeds.doors.partners import key_shown, owed_out
from services.publishing.feeds.doors.webhook_models import (
    Items,
    NoticeOut,
    items_example,
)
from services.publishing.feeds.use_cases.come_in import Came
from services.publishing.feeds.use_cases.keep_partners import KeepPartners
from services.publishing.feeds.use_cases.reckon import Reckon
from shared.web.examples import documented, sent
from shared.web.idempotency import AskedOnce, Idempotency

_KEYS = "keys:manage"


@dataclass(frozen=True, slots=True)
class OwnDesk:
    """What the routes ask."""

    access: Access
    partners: KeepPartners
    reckon: Reckon
    once: Idempotency


def routes(desk: OwnDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/partner", tags=["partner"])
    _itself(router, desk)
    _keys(router, desk)
    return router


def _itself(router: APIRouter, desk: OwnDesk) -> None:
    partner = desk.access.partner

    @router.get(
        "",
        summary="Vår anslutning",
        description="Vad ni får läsa, varifrån, och era nycklar. Your connection as it is.",
        responses=documented(PartnerOut, 200, "Anslutningen."),
    )
    async def itself(*, came: Came = partner) -> Response:
        return shown(PartnerOut.of(came.partner))

    @router.get(
        "/owed",
        summary="Har vi fått allt?",
        description="Vad ni skulle ha, och vad ni har sagt att ni har. What you were owed, and "
        "what you have confirmed: by answering 2xx, or by going on after it.",
        responses=documented(OwedOut, 200, "Avstämningen."),
    )
    async def owed(*, came: Came = partner) -> OwedOut:
        return owed_out(came.partner.name, await desk.reckon(came.partner))

    @router.get(
        "/notices",
        summary="Att veta om anslutningen",
        description="Till exempel att en webhook stängdes av. Such as a webhook switched off.",
        responses=items_example(NoticeOut),
    )
    async def notices(*, came: Came = partner) -> Items:
        found = await desk.partners.partners.notices(came.partner.id)
        return Items(
            items=[NoticeOut(kind=one["kind"], about=one["about"], at=one["at"]) for one in found]
        )


def _keys(router: APIRouter, desk: OwnDesk) -> None:
    partner = desk.access.partner

    @router.post(
        "/keys",
        status_code=201,
        summary="Ny nyckel",
        description="Visas en enda gång. Två kan gälla samtidigt, för byte utan avbrott. Shown "
        "this once; two may work at a time.",
        responses=documented(KeyShown, 201, "Nyckeln."),
    )
    async def made(
        *, came: Came = partner, wanted: Annotated[NewKey, sent(NewKey)], once: AskedOnce
    ) -> Response:
        ensure_scope(came.partner, _KEYS)
        by = f"partner/{came.partner.id}"
        return await shown_once(
            desk.once,
            once,
            lambda also: desk.partners.new_key(came.partner, wanted.expires_at, also, by=by),
            key_shown,
        )

    @router.delete(
        "/keys/{key_id}",
        summary="Återkalla en nyckel",
        description="Den öppnar inget från och med nu. It opens nothing from now on.",
        responses=documented(PartnerOut, 200, "Anslutningen som den är nu."),
    )
    async def revoked(*, came: Came = partner, key_id: str) -> Response:
        ensure_scope(came.partner, _KEYS)
        by = f"partner/{came.partner.id}"
        later = await desk.partners.revoke_key(came.partner, key_id, nothing_more, by=by)
        return shown(PartnerOut.of(later))
