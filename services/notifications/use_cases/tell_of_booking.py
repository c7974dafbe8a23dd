"""A booking's event becomes a message, reminders and a standing offer; older ones give way.

What is kept follows from the set of events alone, so that repeats and late ones change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from services.notifications.domain.message import Message, State, message_id
from services.notifications.domain.recipient_card import Card, Recipient
from services.notifications.domain.reminders import BEFORE, Reminder, reminders_for
from services.notifications.domain.story import OFFERED, Story, Told, template_for
from services.notifications.use_cases.message_facts import facts_of, occasion_facts
from services.notifications.use_cases.plan_deliveries import PlanDeliveries
from services.notifications.use_cases.ports import (
    Cards,
    Messages,
    Offers,
    Reminders,
    Session,
    Stories,
)
from services.notifications.use_cases.remind import cause_of
from services.notifications.use_cases.withdraw_message import WithdrawMessage
from shared.kernel.actor import Actor, housekeeping
from shared.kernel.clock import Clock, real_now
from shared.observability.cause import current_cause

Outcome = Literal["handled", "superseded", "forgotten"]


@dataclass(frozen=True, slots=True)
class TellOfBooking:
    """Runs inside the listener's transaction."""

    cards: Cards
    stories: Stories
    messages: Messages
    offers: Offers
    reminders: Reminders
    plan: PlanDeliveries
    withdraw: WithdrawMessage
    clock: Clock

    async def __call__(
        self, session: Session, recipient: Recipient, booking_id: str, event: Told
    ) -> Outcome:
        """Take one event in; nothing is kept about somebody who is forgotten."""
        by = housekeeping(event.event_id)
        card = await self.cards.hold(session, recipient, by=by)
        if card is not None and card.forgotten:
            return "forgotten"
        before = await self.stories.find(session, booking_id, by=by) or Story(booking_id, recipient)
        story = before.with_(event)
        if story == before:
            return "handled"
        await self.stories.keep(session, story)
        await self._offers(session, story, event, card)
        await self._give_way(session, before, story, by)
        await self._reminders(session, before, story, by)
        pointless = story.pointless(event)
        await self.plan.add(session, _message(story, event, card, pointless), card)
        return "superseded" if pointless else "handled"

    async def _offers(self, session: Session, story: Story, event: Told, card: Card | None) -> None:
        live = story.live_offer
        if event.name == OFFERED and event.offer_id:
            number = card.number if card else None
            is_live = live is not None and live.id == event.offer_id
            await self.offers.made(session, story, event.offer_id, number, live=is_live)
        if any(told.name == OFFERED for told in story.told):
            await self.offers.only_live(session, story.booking_id, live.id if live else None)

    async def _give_way(self, session: Session, before: Story, story: Story, by: Actor) -> None:
        for told in before.told:
            if story.pointless(told) and not before.pointless(told):
                await self.withdraw(session, message_id(told.event_id, template_for(told)), by=by)

    async def _reminders(self, session: Session, before: Story, story: Story, by: Actor) -> None:
        was = before.expected_at if before.told else None
        now_at = story.expected_at
        if was == now_at:
            return
        planned = reminders_for(story.booking_id, now_at, self.clock.now())
        await self.reminders.settle(session, story.recipient, story.booking_id, planned)
        if was is None:
            return
        if now_at is None or now_at.starts_at != was.starts_at:
            for kind, ahead in BEFORE.items():
                late = Reminder(story.booking_id, kind, was.starts_at - ahead, was.starts_at)
                await self.withdraw(session, message_id(cause_of(late), kind), by=by)
        for asked in await self.messages.reminders(session, story.booking_id, by=by):
            # What staff asked for, of a time or room that is not the party's any more.
            if now_at is None or not occasion_facts(now_at).items() <= asked.facts.items():
                await self.withdraw(session, asked.id, by=by)


def _message(story: Story, event: Told, card: Card | None, pointless: bool) -> Message:
    name, cause = template_for(event), current_cause()
    state: State = "waiting-for-card" if card is None else "ready"
    return Message(
        id=message_id(event.event_id, name),
        recipient=story.recipient,
        about=story.booking_id,
        template=name,
        facts=facts_of(event, story),
        cause=event.event_id,
        sequence=event.sequence,
        state="superseded" if pointless else state,
        created_at=real_now(),
        correlation_id=cause.correlation_id,
        traceparent=cause.traceparent,
    )
