"""Staff read somebody's addresses: no trace, no data."""

from __future__ import annotations

from dataclasses import dataclass

from services.notifications.domain.recipient_card import Contact, Recipient
from services.notifications.use_cases.ports import Cards, Reads
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound


@dataclass(frozen=True, slots=True)
class ReadContact:
    """The reading is written down before anything is opened; if that fails, so does the reading."""

    cards: Cards
    reads: Reads

    async def __call__(self, actor: Actor, recipient: Recipient) -> Contact:
        """The addresses.

        Raises:
            NotFound: no card, or the person is forgotten.
        """
        await self.reads.note("addresses", [recipient.key], by=actor)
        contact = await self.cards.contact(recipient, by=actor)
        if contact is None:
            raise NotFound
        return contact
