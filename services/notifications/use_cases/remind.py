"""A reminder is due: make it a message, if it is still of use."""

from __future__ import annotations

from dataclasses import dataclass

from services.notifications.domain.message import Message, message_id
from services.notifications.domain.recipient_card import Recipient
from services.notifications.domain.reminders import (
    Reminder,
    is_replaced,
    on_day,
    template_of,
    today,
)
from services.notifications.use_cases.message_facts import occasion_facts
from services.notifications.use_cases.plan_deliveries import PlanDeliveries
from services.notifications.use_cases.ports import (
    Cards,
    Messages,
    Reminders,
    Session,
    Stories,
    Transact,
)
from shared.kernel.actor import housekeeping
from shared.kernel.clock import Clock, real_now

_BATCH = 100
_BY = housekeeping("remind")


def cause_of(reminder: Reminder) -> str:
    """What the message is caused by: another start makes another reminder of it."""
    return f"{reminder.id}@{reminder.starts_at.isoformat()}"


@dataclass(frozen=True, slots=True)
class Remind:
    """Takes due rows one by one; several workers may do so side by side."""

    reminders: Reminders
    stories: Stories
    cards: Cards
    messages: Messages
    plan: PlanDeliveries
    transact: Transact
    clock: Clock

    async def __call__(self) -> int:
        """How many rows were due."""
        due = await self.reminders.due(self.clock.now(), _BATCH, by=_BY)
        for recipient, reminder in due:
            await self._one(recipient, reminder)
        return len(due)

    async def _one(self, recipient: Recipient, reminder: Reminder) -> None:
        async def work(session: Session) -> None:
            story = await self.stories.find(session, reminder.booking_id, by=_BY)
            expected = story.expected_at if story else None
            if story is None or expected is None or expected.starts_at != reminder.starts_at:
                await self.reminders.take(session, reminder, "superseded", by=_BY)
                return
            day = today(expected, self.clock.now())
            stale = reminder.stale(self.clock.now())
            card = await self.cards.hold(session, recipient, by=_BY)
            earlier = await self.messages.reminders(session, reminder.booking_id, by=_BY)
            needless = is_replaced(reminder.kind, earlier, day)
            state = "stale" if stale else "superseded" if needless else "sent"
            if not await self.reminders.take(session, reminder, state, by=_BY):
                return
            if state != "sent":
                return
            message = Message(
                id=message_id(cause_of(reminder), reminder.kind),
                recipient=recipient,
                about=reminder.booking_id,
                template=template_of(reminder.kind, expected),
                facts={**occasion_facts(expected), "size": story.newest.size, **on_day(day)},
                cause=cause_of(reminder),
                sequence=story.newest.sequence,
                state="ready" if card else "waiting-for-card",
                created_at=real_now(),
            )
            await self.plan.add(session, message, card)

        await self.transact(work)
