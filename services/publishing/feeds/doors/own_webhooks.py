"""`/v1/partner/webhooks`: where entries are sent, how it goes, and what is asked besides."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from services.publishing.feeds.domain.endpoint import Endpoint
from services.publishing.feeds.domain.partner import ensure_scope
from services.publishing.feeds.doors.access import Access
from services.publishing.feeds.doors.answering import shown, shown_once
from services.publishing.feeds.doors.webhook_asking import Asking, Hand, Side, asking_routes
from services.publishing.feeds.doors.webhook_models import (
    AttemptOut,
    Items,
    NewWebhook,
    Rotation,
    WebhookChange,
    WebhookOut,
    WebhookShown,
    items_example,
)
from services.publishing.feeds.storage.partners import Partners
from services.publishing.feeds.use_cases.come_in import Came
from services.publishing.feeds.use_cases.keep_webhooks import KeepWebhooks
from shared.web.etags import IfMatch
from shared.web.examples import documented, sent
from shared.web.idempotency import AskedOnce, Idempotency

_HOOKS = "webhooks:manage"


@dataclass(frozen=True, slots=True)
class WebhookDesk:
    """What the routes ask."""

    access: Access
    webhooks: KeepWebhooks
    partners: Partners
    once: Idempotency

    async def webhook(self, came: Came, webhook_id: str) -> Endpoint:
        """One of its own. Raises ScopeMissing, NotFound."""
        ensure_scope(came.partner, _HOOKS)
        return await self.webhooks.webhooks.one(webhook_id, came.partner.id)

    @property
    def hand(self) -> Callable[..., Awaitable[Hand]]:
        """The dependency that gives one of its own into its hands."""

        async def hand(webhook_id: str, came: Came = self.access.partner) -> Hand:
            return Hand(await self.webhook(came, webhook_id))

        return hand


def routes(desk: WebhookDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/partner", tags=["partner"])
    _webhooks(router, desk)
    _one(router, desk)
    _secrets(router, desk)
    _tries(router, desk)
    hand = Depends(desk.hand)
    side = Side("/webhooks/{webhook_id}", "vår", hand=hand, seen=hand)
    asking_routes(router, side, Asking(desk.webhooks, desk.partners, desk.once))
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
        *, came: Came = partner, wanted: Annotated[NewWebhook, sent(NewWebhook)], once: AskedOnce
    ) -> Response:
        ensure_scope(came.partner, _HOOKS)
        says = wanted.wanted()
        return await shown_once(
            desk.once,
            once,
            lambda also: desk.webhooks.add(came.partner, says, also),
            WebhookShown.of,
        )


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


def _secrets(router: APIRouter, desk: WebhookDesk) -> None:
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
        once: AskedOnce,
    ) -> Response:
        known = await desk.webhook(came, webhook_id)
        return await shown_once(
            desk.once,
            once,
            lambda also: desk.webhooks.rotate(known, wanted.scheme, also),
            WebhookShown.of,
        )


def _tries(router: APIRouter, desk: WebhookDesk) -> None:
    partner = desk.access.partner

    @router.get(
        "/webhooks/{webhook_id}/attempts",
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
