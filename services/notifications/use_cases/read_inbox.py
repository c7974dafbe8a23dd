"""A participant reads what they were told, with their link as the only key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.notifications.domain.message import Message
from services.notifications.domain.recipient_card import Card, Contact, Recipient
from services.notifications.use_cases.ports import Cards, Messages
from services.notifications.use_cases.write_letter import WriteLetter
from shared.kernel.refusal import NotFound


@dataclass(frozen=True, slots=True)
class Shown:
    """A message in words; made for this answer and never stored."""

    id: str
    title: str
    body: str
    about: str
    template: str
    at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class ReadInbox:
    """`link` is the hash of the Link-Secret."""

    cards: Cards
    messages: Messages
    write: WriteLetter

    async def whose(self, link: str) -> tuple[Card, Contact]:
        """The card behind a link.

        Raises:
            NotFound: nobody's, or somebody who is forgotten.
        """
        card = await self.cards.by_link(link)
        contact = await self.cards.contact(card.recipient) if card else None
        if card is None or contact is None:
            raise NotFound
        return card, contact

    async def page(self, link: str, *, limit: int, offset: int) -> tuple[list[Shown], int]:
        """Newest first, and how many there are.

        Raises:
            NotFound: see `whose`.
        """
        card, contact = await self.whose(link)
        found, total = await self.messages.inbox(card.recipient, limit=limit, offset=offset)
        return [await self.shown(message, contact) for message in found], total

    async def one(self, recipient: Recipient, message_id: str) -> Shown | None:
        """One message, if it is this recipient's and to be seen now."""
        message = await self.messages.find(message_id)
        if message is None or message.recipient != recipient or not _to_be_seen(message):
            return None
        contact = await self.cards.contact(recipient)
        return await self.shown(message, contact) if contact else None

    async def shown(self, message: Message, contact: Contact) -> Shown:
        """In the recipient's language."""
        title, body = await self.write.for_inbox(message, contact)
        return Shown(
            message.id,
            title,
            body,
            message.about,
            message.template,
            message.created_at,
            message.version,
        )


def _to_be_seen(message: Message) -> bool:
    hidden = message.state in ("superseded", "waiting-for-card")
    return not hidden and message.template != "help-reply"
