"""Queue a message on the channels that its template wishes and its recipient's card allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.notifications.domain.channel_plan import Channel, Reach, first_channels
from services.notifications.domain.delivery import Delivery, delivery_id
from services.notifications.domain.message import Message, State
from services.notifications.domain.news import NobodyReached
from services.notifications.domain.quiet_hours import QuietHours
from services.notifications.domain.recipient_card import Card
from services.notifications.use_cases.ports import Deliveries, Messages, Session, Tell
from services.notifications.use_cases.templates import template
from shared.kernel.clock import Clock, real_now

AT_ONCE = "at_once"
"""A fact of a message that rings in quiet hours too."""
_URGENT = frozenset(
    {
        "cancelled",
        "occasion-cancelled",
        "moved",
        "unserved",
        "meeting-moved",
        "meeting-cancelled",
    }
)


def reach(card: Card) -> Reach:
    """What the card allows."""
    return Reach(phone=card.has_phone, email=card.has_email)


@dataclass(frozen=True, slots=True)
class PlanDeliveries:
    """Adds a message with its deliveries; without a card it waits, without addresses it fails."""

    messages: Messages
    deliveries: Deliveries
    tell: Tell
    quiet: QuietHours
    clock: Clock

    async def add(self, session: Session, message: Message, card: Card | None) -> None:
        """A message that is not known yet. Superseded ones are kept for the story, not queued."""
        if message.state == "superseded" or card is None:
            await self.messages.add(session, message)
            return
        await self._queue(session, message, card, new=True)

    async def card_came(self, session: Session, message: Message, card: Card) -> None:
        """A message that waited for its card."""
        await self._queue(session, message, card, new=False)

    def row(self, message: Message, channel: Channel, card: Card) -> Delivery:
        """A delivery, due now, or when the phone may ring."""
        now = self.clock.now()
        return Delivery(
            id=delivery_id(message.id, channel),
            message_id=message.id,
            recipient=message.recipient,
            about=message.about,
            channel=channel,
            state="queued",
            due_at=real_now(),
            not_before=self._not_before(message, now) if channel == "sms" else now,
            number=card.number if channel == "sms" else None,
        )

    async def _queue(self, session: Session, message: Message, card: Card, *, new: bool) -> None:
        channels = first_channels(template(message.template).email, reach(card))
        state: State = "ready" if channels else "failed"
        if new:
            await self.messages.add(session, replace(message, state=state))
        else:
            await self.messages.set_state(session, message, state)
        await self.deliveries.add(session, [self.row(message, way, card) for way in channels])
        if not channels:
            await self.tell(session, NobodyReached(message, "no-address"))

    def _not_before(self, message: Message, now: datetime) -> datetime:
        if message.facts.get(AT_ONCE):
            return now
        if message.template not in _URGENT:
            return self.quiet.ring_at(now)
        starts = [message.facts["starts_at"], message.facts.get("before_starts_at")]
        return self.quiet.ring_at(now, urgent_until=min(s for s in starts if s is not None))
