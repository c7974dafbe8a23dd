"""What is asked of a webhook, by its partner and by staff alike: switched, tested, sent again.

The routes are the same at both doors; a `Side` is the door: whose hand it is, and where it stands.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter
from starlette.responses import Response

from services.publishing.feeds.domain.endpoint import Endpoint
from services.publishing.feeds.doors.answering import Also, answered, shown
from services.publishing.feeds.doors.webhook_models import (
    ErrandOut,
    ReplayWanted,
    ResendWanted,
    WebhookOut,
)
from services.publishing.feeds.storage.partners import Partners
from services.publishing.feeds.use_cases.keep_webhooks import KeepWebhooks
from shared.kernel.actor import Actor
from shared.mongo.client import Session
from shared.web.examples import documented, sent
from shared.web.idempotency import AskedOnce, Idempotency, RequestKey


@dataclass(frozen=True, slots=True)
class Hand:
    """A webhook in somebody's hands: its partner's own, or those of `staff`."""

    webhook: Endpoint
    staff: Actor | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """A door. `at`: where a webhook is there; `whose`: as summaries have it.

    `hand` and `seen` are dependencies that give a `Hand`: to ask something, and to look.
    """

    at: str
    whose: str
    hand: Any
    seen: Any


@dataclass(frozen=True, slots=True)
class Asking:
    """What the routes ask. What staff do is noted with the partner, in the same transaction."""

    webhooks: KeepWebhooks
    partners: Partners
    once: Idempotency

    async def switch(self, hand: Hand, once: RequestKey | None, *, on: bool) -> Response:
        """On or off, and how it stands then."""
        known, staff, switch = hand.webhook, hand.staff, self.webhooks.switch

        async def ask(also: Also) -> object:
            if staff is None:
                return await switch(known, on=on, also=also)
            by = staff.username or staff.id
            return await self.webhooks.switch_for(known, on=on, also=also, by=by)

        noted = self._noted(hand, "webhook-on" if on else "webhook-off", ask)
        return await answered(self.once, once, noted, WebhookOut.of)

    async def errand(
        self,
        hand: Hand,
        once: RequestKey | None,
        did: str,
        ask: Callable[[Also], Awaitable[object]],
    ) -> Response:
        """Something to be done soon, and under which id one sees what became of it."""
        noted = self._noted(hand, did, ask)
        return await answered(self.once, once, noted, ErrandOut.of, 202)

    def _noted(
        self, hand: Hand, did: str, ask: Callable[[Also], Awaitable[object]]
    ) -> Callable[[Also], Awaitable[object]]:
        staff, partner_id = hand.staff, hand.webhook.partner_id
        if staff is None:
            return ask
        by = staff.id

        async def asked(also: Also) -> object:
            async def both(session: Session, made: Any) -> None:
                await self.partners.note(session, partner_id, did=did, by=by)
                await also(session, made)

            return await ask(both)

        return asked


def asking_routes(router: APIRouter, side: Side, asking: Asking) -> None:
    """All of them, at one side."""
    _switching(router, side, asking)
    _errand(router, side, asking)
    _calling(router, side, asking)
    _replaying(router, side, asking)


def _switching(router: APIRouter, side: Side, asking: Asking) -> None:
    @router.post(
        f"{side.at}/activation",
        summary=f"Slå på {side.whose} webhook",
        description="Den fortsätter där den slutade. It goes on where it was. One that Safe Space "
        "has switched off is switched on by Safe Space alone.",
        responses=documented(WebhookOut, 200, "Webhooken som den är nu."),
    )
    async def switched_on(*, hand: Hand = side.hand, once: AskedOnce) -> Response:
        return await asking.switch(hand, once, on=True)

    @router.post(
        f"{side.at}/deactivation",
        summary=f"Slå av {side.whose} webhook",
        description="Inget skickas; platsen i flödet behålls. Nothing is sent; its place is kept.",
        responses=documented(WebhookOut, 200, "Webhooken som den är nu."),
    )
    async def switched_off(*, hand: Hand = side.hand, once: AskedOnce) -> Response:
        return await asking.switch(hand, once, on=False)


def _errand(router: APIRouter, side: Side, asking: Asking) -> None:
    @router.get(
        f"{side.at}/errands/{{errand_id}}",
        summary=f"Vad det blev av ett uppdrag till {side.whose} webhook",
        description="Testanrop, omsändning eller uppspelning. A test call, resending or replay.",
        responses=documented(ErrandOut, 200, "Uppdraget."),
    )
    async def errand(*, hand: Hand = side.seen, errand_id: str) -> Response:
        errands = asking.webhooks.webhooks.errands
        return shown(ErrandOut.of(await errands.one(errand_id, hand.webhook.id)))


def _calling(router: APIRouter, side: Side, asking: Asking) -> None:
    webhooks = asking.webhooks

    @router.post(
        f"{side.at}/pings",
        status_code=202,
        summary=f"Testanrop till {side.whose} webhook",
        description="Ett signerat anrop utan innehåll, en gång. A signed call, once.",
        responses=documented(ErrandOut, 202, "På väg."),
    )
    async def ping(*, hand: Hand = side.hand, once: AskedOnce) -> Response:
        return await asking.errand(
            hand, once, "webhook-tested", lambda also: webhooks.ping(hand.webhook, also)
        )

    @router.post(
        f"{side.at}/resends",
        status_code=202,
        summary=f"Skicka en post igen till {side.whose} webhook",
        description="En gång, med samma id. Once, under the same id.",
        responses=documented(ErrandOut, 202, "På väg."),
    )
    async def resend(
        *,
        hand: Hand = side.hand,
        wanted: Annotated[ResendWanted, sent(ResendWanted)],
        once: AskedOnce,
    ) -> Response:
        return await asking.errand(
            hand,
            once,
            "webhook-resent",
            lambda also: webhooks.resend(hand.webhook, wanted.event_id, also),
        )


def _replaying(router: APIRouter, side: Side, asking: Asking) -> None:
    @router.post(
        f"{side.at}/replays",
        status_code=202,
        summary=f"Spela upp igen till {side.whose} webhook",
        description="Allt efter en position eller sedan en tid, i ordning, med samma id. "
        "Everything after a position, or since a time.",
        responses=documented(ErrandOut, 202, "På väg."),
    )
    async def replay(
        *,
        hand: Hand = side.hand,
        wanted: Annotated[ReplayWanted, sent(ReplayWanted)],
        once: AskedOnce,
    ) -> Response:
        after, since = wanted.after, wanted.since
        return await asking.errand(
            hand,
            once,
            "webhook-replayed",
            lambda also: asking.webhooks.replay(hand.webhook, after=after, since=since, also=also),
        )
