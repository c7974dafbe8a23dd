"""Staff want a party reminded today: one message, if it is still expected and not reminded yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from services.notifications.domain.message import Message, message_id
from services.notifications.domain.occasion import Occasion
from services.notifications.domain.recipient_card import Card, Recipient
from services.notifications.domain.reminders import is_reminded, kind_at, on_day
from services.notifications.domain.story import Story
from services.notifications.use_cases.message_facts import occasion_facts
from services.notifications.use_cases.plan_deliveries import PlanDeliveries
from services.notifications.use_cases.ports import Cards, Messages, Session, Stories
from shared.kernel.actor import housekeeping
from shared.kernel.clock import Clock, real_now
from shared.observability.cause import current_cause

Outcome = Literal["handled", "superseded", "forgotten"]


@dataclass(frozen=True, slots=True)
class RemindWhenAsked:
    """Runs inside the listener's transaction. The reminder's words, on the recipient's channel."""

    cards: Cards
    stories: Stories
    messages: Messages
    plan: PlanDeliveries
    clock: Clock

    async def __call__(
        self, session: Session, recipient: Recipient, booking_id: str, day: date, event_id: str
    ) -> Outcome:
        """Superseded when the party has left or moved on, when it has begun, or is one too many."""
        by = housekeeping(event_id)
        # Held first: two that are asked for at once meet here, and the second sees the first.
        card = await self.cards.hold(session, recipient, by=by)
        if card is not None and card.forgotten:
            return "forgotten"
        story = await self.stories.find(session, booking_id, by=by)
        expected = story.expected_at if story else None
        if story is None or expected is None or self.clock.now() >= expected.starts_at:
            return "superseded"
        earlier = await self.messages.reminders(session, booking_id, by=by)
        if is_reminded(earlier, day):
            return "superseded"
        message = self._message(story, expected, card, day, event_id)
        await self.plan.add(session, message, card)
        return "handled"

    def _message(
        self, story: Story, expected: Occasion, card: Card | None, day: date, event_id: str
    ) -> Message:
        kind, cause = kind_at(expected, self.clock.now()), current_cause()
        return Message(
            id=message_id(event_id, kind),
            recipient=story.recipient,
            about=story.booking_id,
            template=kind,
            facts={**occasion_facts(expected), "size": story.newest.size, **on_day(day)},
            cause=event_id,
            sequence=story.newest.sequence,
            state="ready" if card else "waiting-for-card",
            created_at=real_now(),
            correlation_id=cause.correlation_id,
            traceparent=cause.traceparent,
        )
