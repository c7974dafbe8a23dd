"""Contact data passes through here and nowhere else: sealed for notifications, then forgotten."""

from __future__ import annotations

import base64
import time
from typing import Protocol

from services.booking.spreadsheets.contact import Contact
from shared.contracts.booking import SupportRequested
from shared.contracts.cards import BookingContactCardSealed
from shared.contracts.event import News
from shared.kernel.ids import RecipientId, new_id
from shared.kernel.refusal import Refusal
from shared.privacy.link_secret import Link
from shared.privacy.sealing import PublicKey, SealingKeyMissing, seal

_REMEMBERED = 30.0  # seconds; keys rotate weekly and old ones open for two weeks more


class ConsultationNotOpen(Refusal):
    """Nobody is there yet who could read the question."""

    kind = "consultation-not-open"
    sv = "Rådgivningen tar inte emot frågor än. Ring oss i stället."
    en = "The consultation does not take questions yet. Please call us instead."


class Keys(Protocol):
    """Public keys that were heard of (`shared.privacy.sealing.KnownKeys`)."""

    async def newest(self, service: str) -> PublicKey:
        """Raises SealingKeyMissing."""
        ...


class ContactCards:
    """Makes the events that carry sealed cards and sealed questions."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._known: dict[str, tuple[float, PublicKey]] = {}

    async def ready(self) -> bool:
        """Whether a card could be sealed now."""
        try:
            await self.key_of("notifications")
        except SealingKeyMissing:
            return False
        return True

    async def key_of(self, service: str) -> PublicKey:
        """The newest key of a service, asked for again after half a minute."""
        asked_at, key = self._known.get(service, (0.0, None))
        if key is None or time.monotonic() - asked_at > _REMEMBERED:
            key = await self._keys.newest(service)
            self._known[service] = (time.monotonic(), key)
        return key

    async def card(self, contact: Contact, recipient_id: RecipientId, link: Link) -> News:
        """The first card of a recipient. Raises SealingKeyMissing."""
        key = await self.key_of("notifications")
        fields = {
            "name": contact.name,
            "phone": contact.phone,
            "email": contact.email,
            "language": contact.language,
            "link_secret": link.secret,
        }
        box = seal(
            key,
            {
                "source": "booking",
                "recipient_id": recipient_id,
                "revision": 1,
                **{name: value for name, value in fields.items() if value},
            },
        )
        card = BookingContactCardSealed(
            recipient_id=recipient_id, revision=1, key_id=key.key_id, box=_text(box)
        )
        return News(card, subject=recipient_id, sequence=1)

    async def question(self, question: str, contact: Contact) -> News:
        """A question that mentoring alone can read, under a subject of its own.

        Raises ConsultationNotOpen while no key of mentoring is known.
        """
        try:
            key = await self.key_of("mentoring")
        except SealingKeyMissing:
            raise ConsultationNotOpen from None
        box = seal(
            key,
            {
                "question": question,
                "name": contact.name,
                "phone": contact.phone,
                "email": contact.email,
            },
        )
        request = SupportRequested(key_id=key.key_id, box=_text(box))
        return News(request, subject=new_id(), sequence=1, fresh_trace=True)


def _text(box: bytes) -> str:
    return base64.b64encode(box).decode()
