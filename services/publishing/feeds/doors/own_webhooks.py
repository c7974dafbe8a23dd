"""`/v1/partner/webhooks`: where entries are sent, how it goes, and what is asked besides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.publishing.feeds.domain.endpoint import Endpoint
from services.publishing.feeds.domain.partner import ensure_scope
from services.publishing.feeds.doors.access import Access
from services.publishing.feeds.doors.answering import answered, shown
from services.publishing.feeds.doors.webhook_models import (
    AttemptOut,
    ErrandOut,
    Items,
    NewWebhook,
    ReplayWanted,
    ResendWanted,
    Rotation,
    WebhookChange,
    WebhookOut,
    WebhookShown,
    items_example,
)
from services.publishing.feeds.use_cases.come_in import Came
from services.publishing.feeds.use_cases.keep_webhooks import KeepWebhooks
from shared.web.etags import IfMatch
from shared.web.examples import documented, sent
from shared.web.idempotency import AskedOnce, Idempotency, RequestKey

_HOOKS = "webhooks:manage"


@dataclass(frozen=True, slots=True)
class WebhookDesk:
    """What the routes ask."""

    access: Access
    webhooks: KeepWebhooks
    once: Idempotency

    async def webhook(self, came: Came, webhook_id: str) -> Endpoint:
        """One of its own. Raises ScopeMissing, NotFound."""
        ensure_scope(came.partner, _HOOKS)
        return await self.webhooks.webhooks.one(webhook_id, came.partner.id)


def routes(desk: WebhookDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/partner", tags=["partner"])
    _webhooks(router, desk)
    _one(router, desk)
    _switching(router, desk)
    _errands(router, desk)
    _asking(router, desk)
    _replaying(router, desk)
    return router


def _webhooks(router: APIRouter, desk: WebhookDesk) -> None:
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


def _one(router: APIRouter, desk: WebhookDesk) -> None:
    partner = desk.access.partner

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


def _switching(router: APIRouter, desk: WebhookDesk) -> None:
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
    desk: WebhookDesk, came: Came, webhook_id: str, once: RequestKey | None, *, on: bool
) -> Response:
    known = await desk.webhook(came, webhook_id)
    return await answered(
        desk.once,
        once,
        lambda also: desk.webhooks.switch(known, on=on, also=also),
        WebhookOut.of,
    )


def _errands(router: APIRouter, desk: WebhookDesk) -> None:
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
        found = await desk.webhooks.webhooks.attempts.page(known.id, limit=limit)
        return Items(items=[AttemptOut.of(one) for one in found])

    @router.get(
        f"{prefix}/errands/{{errand_id}}",
        summary="Vad det blev av ett uppdrag",
        description="Testanrop, omsändning eller uppspelning. A test call, resending or replay.",
        responses=documented(ErrandOut, 200, "Uppdraget."),
    )
    async def errand(*, came: Came = partner, webhook_id: str, errand_id: str) -> Response:
        known = await desk.webhook(came, webhook_id)
        return shown(ErrandOut.of(await desk.webhooks.webhooks.errands.one(errand_id, known.id)))


def _asking(router: APIRouter, desk: WebhookDesk) -> None:
    partner = desk.access.partner
    prefix = "/webhooks/{webhook_id}"

    @router.post(
        f"{prefix}/pings",
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
        f"{prefix}/resends",
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


def _replaying(router: APIRouter, desk: WebhookDesk) -> None:
    partner = desk.access.partner

    @router.post(
        "/webhooks/{webhook_id}/replays",
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
