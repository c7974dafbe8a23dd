"""Forget a recipient for good: key, card, numbers, and whatever was still to be sent."""

from __future__ import annotations

from dataclasses import dataclass

from services.notifications.domain.recipient_card import Recipient
from services.notifications.use_cases.ports import (
    Cards,
    Deliveries,
    Messages,
    Offers,
    Reminders,
    Session,
    Stories,
)


@dataclass(frozen=True, slots=True)
class ForgetPerson:
    """Runs inside the listener's transaction. The key goes first: that alone blinds every copy."""

    cards: Cards
    messages: Messages
    deliveries: Deliveries
    offers: Offers
    reminders: Reminders
    stories: Stories

    async def __call__(self, session: Session, recipient: Recipient) -> None:
        """Ids and states of what was sent stay, so that the books can be read; facts go."""
        await self.cards.blind(recipient)
        await self.cards.forget(session, recipient)
        await self.deliveries.forget(session, recipient)
        await self.messages.forget(session, recipient)
        await self.offers.forget(session, recipient)
        await self.reminders.forget(session, recipient)
        await self.stories.forget(session, recipient)
