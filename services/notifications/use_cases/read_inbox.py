"""A participant reads what they were told, with their link as the only key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from services.notifications.domain.message import Message
from services.notifications.domain.recipient_card import Contact, Recipient
from services.notifications.use_cases.ports import Cards, Messages
from services.notifications.use_cases.write_letter import WriteLetter
from shared.kernel.actor import ANYBODY, Actor
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

    async def whose(self, link: str) -> tuple[Contact, Recipient, Actor]:
        """Whose link it is, and that person as the one who asks from here on.

        Raises:
            NotFound: nobody's, or somebody who is forgotten.
        """
        card = await self.cards.by_link(link, by=ANYBODY)
        if card is None:
            raise NotFound
        me = participant(card.recipient)
        contact = await self.cards.contact(card.recipient, by=me)
        if contact is None:
            raise NotFound
        return contact, card.recipient, me

    async def page(self, link: str, *, limit: int, offset: int) -> tuple[list[Shown], int]:
        """Newest first, and how many there are.

        Raises:
            NotFound: see `whose`.
        """
        contact, recipient, me = await self.whose(link)
        found, total = await self.messages.inbox(recipient, limit=limit, offset=offset, by=me)
        return [await self.shown(message, contact, by=me) for message in found], total

    async def one(self, recipient: Recipient, message_id: str, *, by: Actor) -> Shown | None:
        """One message, if it is this recipient's and to be seen now."""
        message = await self.messages.find(message_id, by=by)
        if message is None or message.recipient != recipient or not _to_be_seen(message):
            return None
        contact = await self.cards.contact(recipient, by=by)
        return await self.shown(message, contact, by=by) if contact else None

    async def shown(self, message: Message, contact: Contact, *, by: Actor) -> Shown:
        """In the recipient's language."""
        title, body = await self.write.for_inbox(message, contact, by=by)
        return Shown(
            message.id,
            title,
            body,
            message.about,
            message.template,
            message.created_at,
            message.version,
        )


def participant(recipient: Recipient) -> Actor:
    """Somebody who came with their link: they see what is theirs and nothing else."""
    return Actor(kind="participant", id=recipient.key, recipient_id=recipient.id)


def _to_be_seen(message: Message) -> bool:
    hidden = message.state in ("superseded", "waiting-for-card")
    return not hidden and message.template != "help-reply"
