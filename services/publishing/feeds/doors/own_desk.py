"""`/v1/partner`: a partner looks after its own connection – keys, webhooks, receipts, notices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.publishing.feeds.domain.endpoint import Endpoint
from services.publishing.feeds.domain.partner import ensure_scope
from services.publishing.feeds.doors.access import Access
from services.publishing.feeds.doors.answering import answered, nothing_more, shown
from services.publishing.feeds.doors.models import KeyShown, NewKey, OwedOut, PartnerOut
from services.publishing.feeds.doors.partners import owed_out
from services.publishing.feeds.doors.webhook_models import (
    AttemptOut,
    ErrandOut,
    Items,
    NewWebhook,
    NoticeOut,
    ReplayWanted,
    ResendWanted,
    Rotation,
    WebhookChange,
    WebhookOut,
    WebhookShown,
    items_example,
)
from services.publishing.feeds.use_cases.come_in import Came
from services.publishing.feeds.use_cases.keep_partners import KeepPartners
from services.publishing.feeds.use_cases.keep_webhooks import KeepWebhooks
from services.publishing.feeds.use_cases.reckon import Reckon
from shared.web.etags import IfMatch
from shared.web.examples import documented, sent
from shared.web.idempotency import AskedOnce, Idempotency, RequestKey

_KEYS, _HOOKS = "keys:manage", "webhooks:manage"


@dataclass(frozen=True, slots=True)
class OwnDesk:
    """What the routes ask."""

    access: Access
    partners: KeepPartners
    webhooks: KeepWebhooks
    reckon: Reckon
    once: Idempotency

    async def webhook(self, came: Came, webhook_id: str) -> Endpoint:
        """One of its own. Raises ScopeMissing, NotFound."""
        ensure_scope(came.partner, _HOOKS)
        return await self.webhooks.webhooks.one(webhook_id, came.partner.id)


def routes(desk: OwnDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/partner", tags=["partner"])
    _itself(router, desk)
    _keys(router, desk)
    _webhooks(router, desk)
    _switching(router, desk)
    _errands(router, desk)
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
    async def made(*, came: Came = partner, wanted: Annotated[NewKey, sent(NewKey)]) -> Response:
        ensure_scope(came.partner, _KEYS)
        by = f"partner/{came.partner.id}"
        later, text = await desk.partners.new_key(came.partner, wanted.expires_at, by=by)
        key = later.keys[-1]
        return shown(KeyShown(key=text, id=key.id, expires_at=key.expires_at), 201)

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


def _webhooks(router: APIRouter, desk: OwnDesk) -> None:
    partner = desk.access.partner

    @router.get(
        "/webhooks",
        summary="Våra webhookar",
        description="Vart poster skickas, och hur det går. Where entries go, and how it goes.",
        responses=items_example(WebhookOut),
    )
    async def listed(*, came: Came = partner) -> Items:
        ensure_scope(came.partner, _HOOKS)
        found = await desk.webhooks.webhooks.of_partner(came.partner.id)
        return Items(items=[WebhookOut.of(one) for one in found])

    @router.post(
        "/webhooks",
        status_code=201,
        summary="Ny webhook",
        description=KeepWebhooks.__doc__ or "",
        responses=documented(WebhookShown, 201, "Webhooken, med det som signaturer prövas med."),
    )
    async def made(
        *, came: Came = partner, wanted: Annotated[NewWebhook, sent(NewWebhook)]
    ) -> Response:
        ensure_scope(came.partner, _HOOKS)
        made = await desk.webhooks.add(came.partner, wanted.wanted())
        return shown(WebhookShown.of(made), 201)

    @router.get(
        "/webhooks/{webhook_id}",
        summary="En webhook",
        description="Vart den leder och hur det går. Where it leads, and how it goes.",
        responses=documented(WebhookOut, 200, "Webhooken, med ETag."),
    )
    async def one(*, came: Came = partner, webhook_id: str) -> Response:
        return shown(WebhookOut.of(await desk.webhook(came, webhook_id)))

    @router.put(
        "/webhooks/{webhook_id}",
        summary="Ändra en webhook",
        description="Gäller från nästa post. From the next entry on.",
        responses=documented(WebhookOut, 200, "Webhooken som den är nu."),
    )
    async def changed(
        *,
        came: Came = partner,
        webhook_id: str,
        wanted: Annotated[WebhookChange, sent(WebhookChange)],
        version: IfMatch,
    ) -> Response:
        known = await desk.webhook(came, webhook_id)
        only = wanted.only.filter()
        later = await desk.webhooks.change(
            known, url=wanted.url, only=only, thin=wanted.thin, seen=version
        )
        return shown(WebhookOut.of(later))

    @router.delete(
        "/webhooks/{webhook_id}",
        status_code=204,
        summary="Ta bort en webhook",
        description="Inget mer skickas dit. Nothing more is sent there.",
    )
    async def removed(*, came: Came = partner, webhook_id: str) -> None:
        await desk.webhooks.remove(await desk.webhook(came, webhook_id))


def _switching(router: APIRouter, desk: OwnDesk) -> None:
    partner = desk.access.partner

    @router.post(
        "/webhooks/{webhook_id}/secrets",
        status_code=201,
        summary="Byt hemlighet",
        description="Den nya gäller genast; i ett dygn signerar båda. The new one from now on; "
        "both sign for a day.",
        responses=documented(WebhookShown, 201, "Webhooken, med den nya."),
    )
    async def rotated(
        *,
        came: Came = partner,
        webhook_id: str,
        wanted: Annotated[Rotation, sent(Rotation)],
    ) -> Response:
        known = await desk.webhook(came, webhook_id)
        return shown(WebhookShown.of(await desk.webhooks.rotate(known, wanted.scheme)), 201)

    @router.post(
        "/webhooks/{webhook_id}/activation",
        summary="Slå på en webhook",
        description="Den fortsätter där den slutade. It goes on where it was.",
        responses=documented(WebhookOut, 200, "Webhooken som den är nu."),
    )
    async def switched_on(*, came: Came = partner, webhook_id: str, once: AskedOnce) -> Response:
        return await _switched(desk, came, webhook_id, once, on=True)

    @router.post(
        "/webhooks/{webhook_id}/deactivation",
        summary="Slå av en webhook",
        description="Inget skickas; platsen i flödet behålls. Nothing is sent; its place is kept.",
        responses=documented(WebhookOut, 200, "Webhooken som den är nu."),
    )
    async def switched_off(*, came: Came = partner, webhook_id: str, once: AskedOnce) -> Response:
        return await _switched(desk, came, webhook_id, once, on=False)


async def _switched(
    desk: OwnDesk, came: Came, webhook_id: str, once: RequestKey | None, *, on: bool
) -> Response:
    known = await desk.webhook(came, webhook_id)
    return await answered(
        desk.once,
        once,
        lambda also: desk.webhooks.switch(known, on=on, also=also),
        WebhookOut.of,
    )


def _errands(router: APIRouter, desk: OwnDesk) -> None:
    partner = desk.access.partner
    prefix = "/webhooks/{webhook_id}"

    @router.get(
        f"{prefix}/attempts",
        summary="Försök",
        description="Vad som skickats och vad som svarades, nyast först, i 30 dagar. What was "
        "tried and what came back.",
        responses=items_example(AttemptOut),
    )
    async def attempts(
        *,
        came: Came = partner,
        webhook_id: str,
        limit: Annotated[int, Query(ge=1, le=500, description="Högst så många.")] = 100,
    ) -> Items:
        known = await desk.webhook(came, webhook_id)
        found = await desk.webhooks.webhooks.attempts(known.id, limit=limit)
        return Items(items=[AttemptOut.of(one) for one in found])

    @router.get(
        f"{prefix}/errands/{{errand_id}}",
        summary="Vad det blev av ett uppdrag",
        description="Testanrop, omsändning eller uppspelning. A test call, resending or replay.",
        responses=documented(ErrandOut, 200, "Uppdraget."),
    )
    async def errand(*, came: Came = partner, webhook_id: str, errand_id: str) -> Response:
        known = await desk.webhook(came, webhook_id)
        return shown(ErrandOut.of(await desk.webhooks.webhooks.errand(errand_id, known.id)))

    @router.post(
        f"{prefix}/errands/ping",
        status_code=202,
        summary="Testanrop",
        description="Ett signerat anrop utan innehåll, en gång. A signed call, once.",
        responses=documented(ErrandOut, 202, "På väg."),
    )
    async def ping(*, came: Came = partner, webhook_id: str, once: AskedOnce) -> Response:
        known = await desk.webhook(came, webhook_id)
        return await answered(
            desk.once, once, lambda also: desk.webhooks.ping(known, also), ErrandOut.of, 202
        )

    @router.post(
        f"{prefix}/errands/resend",
        status_code=202,
        summary="Skicka en post igen",
        description="En gång, med samma id. Once, under the same id.",
        responses=documented(ErrandOut, 202, "På väg."),
    )
    async def resend(
        *,
        came: Came = partner,
        webhook_id: str,
        wanted: Annotated[ResendWanted, sent(ResendWanted)],
        once: AskedOnce,
    ) -> Response:
        known = await desk.webhook(came, webhook_id)
        return await answered(
            desk.once,
            once,
            lambda also: desk.webhooks.resend(known, wanted.event_id, also),
            ErrandOut.of,
            202,
        )

    @router.post(
        f"{prefix}/errands/replay",
        status_code=202,
        summary="Spela upp igen",
        description="Allt efter en position eller sedan en tid, i ordning, med samma id. "
        "Everything after a position, or since a time.",
        responses=documented(ErrandOut, 202, "På väg."),
    )
    async def replay(
        *,
        came: Came = partner,
        webhook_id: str,
        wanted: Annotated[ReplayWanted, sent(ReplayWanted)],
        once: AskedOnce,
    ) -> Response:
        known = await desk.webhook(came, webhook_id)
        return await answered(
            desk.once,
            once,
            lambda also: desk.webhooks.replay(
                known, after=wanted.after, since=wanted.since, also=also
            ),
            ErrandOut.of,
            202,
        )
