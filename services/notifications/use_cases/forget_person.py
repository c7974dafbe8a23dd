"""Forget a recipient for good: key, card, numbers, and whatever was still to be sent."""

from __future__ import annotations

from dataclasses import dataclass

from services.notifications.domain.news import Forgot
from services.notifications.domain.recipient_card import Recipient
from services.notifications.use_cases.ports import (
    Cards,
    Deliveries,
    Holdings,
    Messages,
    Offers,
    Reminders,
    Session,
    Stories,
    Tell,
)
from shared.kernel.actor import Actor

_WANTS_A_RECEIPT = frozenset({"mentoring"})
"""Whose certificates wait for it."""


@dataclass(frozen=True, slots=True)
class ForgetPerson:
    """Runs inside the listener's transaction. The key goes first: that alone blinds every copy."""

    cards: Cards
    messages: Messages
    deliveries: Deliveries
    offers: Offers
    reminders: Reminders
    stories: Stories
    holdings: Holdings
    tell: Tell

    async def __call__(self, session: Session, recipient: Recipient, *, by: Actor) -> None:
        """Ids and states of what was sent stay, so that the books can be read; facts go.

        Whoever told of the person is told what was removed or emptied.
        """
        held = await self.holdings.of(session, recipient, by=by)
        await self.cards.blind(recipient)
        await self.cards.forget(session, recipient)
        await self.deliveries.forget(session, recipient)
        await self.messages.forget(session, recipient)
        await self.offers.forget(session, recipient)
        await self.reminders.forget(session, recipient)
        await self.stories.forget(session, recipient)
        if recipient.source in _WANTS_A_RECEIPT:
            await self.tell(session, Forgot(recipient, held))
