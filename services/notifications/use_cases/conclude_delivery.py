"""A delivery has come to something: what that means for its message, and who is told."""

from __future__ import annotations

from dataclasses import dataclass

from services.notifications.domain.channel_plan import Channel, after_failure
from services.notifications.domain.delivery import Delivery
from services.notifications.domain.message import Message, moves_on, outcome
from services.notifications.domain.news import Arrived, Happened, NobodyReached
from services.notifications.use_cases.plan_deliveries import PlanDeliveries, reach
from services.notifications.use_cases.ports import (
    Cards,
    Deliveries,
    Messages,
    Session,
    Tell,
)
from services.notifications.use_cases.templates import template
from shared.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class ConcludeDelivery:
    """Runs in the transaction that moved the delivery on; each such move happens once."""

    cards: Cards
    messages: Messages
    deliveries: Deliveries
    plan: PlanDeliveries
    tell: Tell

    async def __call__(self, session: Session, delivery: Delivery, *, by: Actor) -> None:
        """Fail over to e-mail, settle the message's state, tell."""
        message = await self.messages.find(delivery.message_id, session, by=by)
        if message is None:
            return
        rows = list(await self.deliveries.of(message.id, session, by=by))
        if delivery.channel == "sms" and delivery.state in ("failed", "uncertain"):
            rows += await self._fail_over(session, message, rows, by)
        news = _arrived(message, delivery)
        after = outcome([row.state for row in rows])
        if after != message.state and moves_on(message.state, after):
            await self.messages.set_state(session, message, after)
            if after == "failed":
                news.append(NobodyReached(message, delivery.why or "refused"))
        await self.tell(session, *news)

    async def _fail_over(
        self, session: Session, message: Message, rows: list[Delivery], by: Actor
    ) -> list[Delivery]:
        card = await self.cards.find(message.recipient, session, by=by)
        if card is None or message.state == "superseded":
            return []
        tried: frozenset[Channel] = frozenset(row.channel for row in rows)
        way = after_failure(template(message.template).email, reach(card), tried)
        if way is None:
            return []
        row = self.plan.row(message, way, card)
        await self.deliveries.add(session, [row])
        return [row]


def _arrived(message: Message, delivery: Delivery) -> list[Happened]:
    """An SMS has arrived when its report says so; an e-mail when its server has taken it."""
    arrived = "delivered" if delivery.channel == "sms" else "accepted"
    return [Arrived(message, delivery.channel)] if delivery.state == arrived else []
