"""`/v1/partners/{name}/webhooks`: staff see how a webhook does, and help it along.

What they do for a partner (see `webhook_asking`) is noted in its history, with who did it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime
from starlette.responses import Response

from services.publishing.feeds.domain.endpoint import Endpoint
from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.doors.answering import shown
from services.publishing.feeds.doors.staff_webhook_models import SHOWN, PreviewOut, WebhookStood
from services.publishing.feeds.doors.webhook_asking import Asking, Hand, Side, asking_routes
from services.publishing.feeds.doors.webhook_models import (
    AttemptOut,
    Items,
    WebhookOut,
    items_example,
)
from services.publishing.feeds.use_cases.keep_partners import KeepPartners
from services.publishing.feeds.use_cases.keep_webhooks import KeepWebhooks
from shared.kernel.actor import Actor
from shared.web.examples import documented, listed_example
from shared.web.idempotency import AskedOnce, Idempotency
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_Reader = Annotated[Actor, needs("partners.read")]
_Writer = Annotated[Actor, needs("partners.write")]
_ONE = "/{name}/webhooks/{webhook_id}"


@dataclass(frozen=True, slots=True)
class StaffWebhookDesk:
    """What the routes ask."""

    partners: KeepPartners
    webhooks: KeepWebhooks
    once: Idempotency

    async def webhook(self, name: str, webhook_id: str) -> tuple[Partner, Endpoint]:
        """A partner and one of its own. Raises NotFound."""
        partner = await self.partners.one(name)
        return partner, await self.webhooks.webhooks.one(webhook_id, partner.id)

    async def hand(self, actor: _Writer, once: AskedOnce, name: str, webhook_id: str) -> Hand:
        """The dependency that gives one into the hands of somebody who may change it.

        `once`: that of the request, which is looked at before anything is looked up.
        """
        del once
        return Hand((await self.webhook(name, webhook_id))[1], actor)

    async def seen(self, actor: _Reader, name: str, webhook_id: str) -> Hand:
        """The same, to be looked at."""
        return Hand((await self.webhook(name, webhook_id))[1], actor)


def routes(desk: StaffWebhookDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/partners", tags=["partners"])
    _seeing(router, desk)
    _tries(router, desk)
    _preview(router, desk)
    side = Side(_ONE, "en partners", hand=Depends(desk.hand), seen=Depends(desk.seen))
    asking_routes(router, side, Asking(desk.webhooks, desk.partners.partners, desk.once))
    return router


def _seeing(router: APIRouter, desk: StaffWebhookDesk) -> None:
    @router.get(
        "/{name}/webhooks",
        summary="En partners webhookar",
        description="Vart poster skickas, och hur det går. Where entries go, and how it goes.",
        responses=items_example(WebhookOut),
    )
    async def listed(actor: _Reader, name: str) -> Items:
        del actor
        partner = await desk.partners.one(name)
        found = await desk.webhooks.webhooks.of_partner(partner.id)
        return Items(items=[WebhookOut.of(one) for one in found])

    @router.get(
        _ONE,
        summary="En partners webhook",
        description="Hur det går, vad som väntar och vad som getts upp. How it goes, what waits, "
        "and what was given up.",
        responses=documented(WebhookStood, 200, "Webhooken."),
    )
    async def one(actor: _Reader, name: str, webhook_id: str) -> Response:
        del actor
        _, known = await desk.webhook(name, webhook_id)
        lost = await desk.webhooks.webhooks.given_up(known.id, limit=SHOWN)
        return shown(WebhookStood.with_lost(known, lost))


def _tries(router: APIRouter, desk: StaffWebhookDesk) -> None:
    @router.get(
        f"{_ONE}/attempts",
        summary="Försök till en webhook",
        description="Vad som skickats och vad som svarades, nyast först, i 30 dagar. What was "
        "tried and what came back, newest first.",
        responses={200: listed_example(AttemptOut)},
    )
    async def attempts(
        actor: _Reader,
        name: str,
        webhook_id: str,
        page: Page,
        event_id: Annotated[str | None, Query(max_length=100, description="Bara posten.")] = None,
    ) -> Listing[AttemptOut]:
        del actor
        _, known = await desk.webhook(name, webhook_id)
        kept = desk.webhooks.webhooks.attempts
        found = await kept.page(known.id, limit=page.limit, offset=page.offset, event_id=event_id)
        total = await kept.count(known.id, event_id=event_id)
        return listing([AttemptOut.of(one) for one in found], total, page)


def _preview(router: APIRouter, desk: StaffWebhookDesk) -> None:
    @router.get(
        f"{_ONE}/replay-preview",
        summary="Hur mycket en uppspelning skickar",
        description="Räknar, och skickar inget. Counts, and sends nothing.",
        responses=documented(PreviewOut, 200, "Antalet."),
    )
    async def preview(
        actor: _Reader,
        name: str,
        webhook_id: str,
        after: Annotated[int | None, Query(ge=0, le=2**53, description="Efter positionen.")] = None,
        since: Annotated[AwareDatetime | None, Query(description="Sedan tidpunkten.")] = None,
    ) -> Response:
        del actor
        partner, known = await desk.webhook(name, webhook_id)
        found = await desk.webhooks.in_a_replay(partner, known, after=after, since=since)
        return shown(PreviewOut.of(found))
