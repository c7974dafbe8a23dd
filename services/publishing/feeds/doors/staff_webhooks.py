"""`/v1/partners/{name}/webhooks`: staff see how a webhook does, and help it along.

What they do for a partner is noted in its history, with who did it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime
from starlette.responses import Response

from services.publishing.feeds.domain.endpoint import Endpoint
from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.doors.answering import Also, answered, shown
from services.publishing.feeds.doors.staff_webhook_models import SHOWN, PreviewOut, WebhookStood
from services.publishing.feeds.doors.webhook_models import (
    AttemptOut,
    ErrandOut,
    Items,
    ReplayWanted,
    ResendWanted,
    WebhookOut,
    items_example,
)
from services.publishing.feeds.use_cases.keep_partners import KeepPartners
from services.publishing.feeds.use_cases.keep_webhooks import KeepWebhooks
from shared.kernel.actor import Actor
from shared.mongo.client import Session
from shared.web.examples import documented, listed_example, sent
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

    def noted(
        self, ask: Callable[[Also], Awaitable[object]], partner: Partner, did: str, by: str
    ) -> Callable[[Also], Awaitable[object]]:
        """What is asked, and in the same transaction that it was."""

        async def asked(also: Also) -> object:
            async def both(session: Session, made: Any) -> None:
                await self.partners.partners.note(session, partner.id, did=did, by=by)
                await also(session, made)

            return await ask(both)

        return asked


def routes(desk: StaffWebhookDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/partners", tags=["partners"])
    _seeing(router, desk)
    _tries(router, desk)
    _preview(router, desk)
    _switching(router, desk)
    _calling(router, desk)
    _replaying(router, desk)
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

    @router.get(
        f"{_ONE}/errands/{{errand_id}}",
        summary="Vad det blev av ett uppdrag till en webhook",
        description="Testanrop, omsändning eller uppspelning. A test call, resending or replay.",
        responses=documented(ErrandOut, 200, "Uppdraget."),
    )
    async def errand(actor: _Reader, name: str, webhook_id: str, errand_id: str) -> Response:
        del actor
        _, known = await desk.webhook(name, webhook_id)
        return shown(ErrandOut.of(await desk.webhooks.webhooks.errands.one(errand_id, known.id)))


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


def _switching(router: APIRouter, desk: StaffWebhookDesk) -> None:
    @router.post(
        f"{_ONE}/activation",
        summary="Slå på en partners webhook",
        description="Den fortsätter där den slutade. It goes on where it was.",
        responses=documented(WebhookOut, 200, "Webhooken som den är nu."),
    )
    async def switched_on(actor: _Writer, name: str, webhook_id: str, once: AskedOnce) -> Response:
        partner, known = await desk.webhook(name, webhook_id)
        ask = desk.noted(
            lambda also: desk.webhooks.switch(known, on=True, also=also),
            *(partner, "webhook-on", actor.id),
        )
        return await answered(desk.once, once, ask, WebhookOut.of)

    @router.post(
        f"{_ONE}/deactivation",
        summary="Slå av en partners webhook",
        description="Inget skickas; platsen i flödet behålls. Nothing is sent; its place is kept.",
        responses=documented(WebhookOut, 200, "Webhooken som den är nu."),
    )
    async def switched_off(actor: _Writer, name: str, webhook_id: str, once: AskedOnce) -> Response:
        partner, known = await desk.webhook(name, webhook_id)
        ask = desk.noted(
            lambda also: desk.webhooks.switch(known, on=False, also=also, why="by-staff"),
            *(partner, "webhook-off", actor.id),
        )
        return await answered(desk.once, once, ask, WebhookOut.of)


def _calling(router: APIRouter, desk: StaffWebhookDesk) -> None:
    @router.post(
        f"{_ONE}/pings",
        status_code=202,
        summary="Testanrop till en partners webhook",
        description="Ett signerat anrop utan innehåll, en gång. A signed call, once.",
        responses=documented(ErrandOut, 202, "På väg."),
    )
    async def ping(actor: _Writer, name: str, webhook_id: str, once: AskedOnce) -> Response:
        partner, known = await desk.webhook(name, webhook_id)
        ask = desk.noted(
            lambda also: desk.webhooks.ping(known, also),
            *(partner, "webhook-tested", actor.id),
        )
        return await answered(desk.once, once, ask, ErrandOut.of, 202)

    @router.post(
        f"{_ONE}/resends",
        status_code=202,
        summary="Skicka en post igen till en partners webhook",
        description="En gång, med samma id. Once, under the same id.",
        responses=documented(ErrandOut, 202, "På väg."),
    )
    async def resend(
        actor: _Writer,
        name: str,
        webhook_id: str,
        wanted: Annotated[ResendWanted, sent(ResendWanted)],
        once: AskedOnce,
    ) -> Response:
        partner, known = await desk.webhook(name, webhook_id)
        ask = desk.noted(
            lambda also: desk.webhooks.resend(known, wanted.event_id, also),
            *(partner, "webhook-resent", actor.id),
        )
        return await answered(desk.once, once, ask, ErrandOut.of, 202)


def _replaying(router: APIRouter, desk: StaffWebhookDesk) -> None:
    @router.post(
        f"{_ONE}/replays",
        status_code=202,
        summary="Spela upp igen till en partners webhook",
        description="Allt efter en position eller sedan en tid, i ordning, med samma id. "
        "Everything after a position, or since a time.",
        responses=documented(ErrandOut, 202, "På väg."),
    )
    async def replay(
        actor: _Writer,
        name: str,
        webhook_id: str,
        wanted: Annotated[ReplayWanted, sent(ReplayWanted)],
        once: AskedOnce,
    ) -> Response:
        partner, known = await desk.webhook(name, webhook_id)
        after, since = wanted.after, wanted.since
        ask = desk.noted(
            lambda also: desk.webhooks.replay(known, after=after, since=since, also=also),
            *(partner, "webhook-replayed", actor.id),
        )
        return await answered(desk.once, once, ask, ErrandOut.of, 202)
