"""Staff read somebody's addresses: no trace, no data."""

from __future__ import annotations

from dataclasses import dataclass

from services.notifications.domain.recipient_card import SHOWN, Contact, Recipient
from services.notifications.use_cases.ports import Cards
from shared.audit.audit import Audit
from shared.audit.entry import NOT_AN_ID, as_subject
from shared.audit.purposes import Purpose
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound


@dataclass(frozen=True, slots=True)
class ReadContact:
    """The addresses are fetched while the reading is recorded, and shown when it is."""

    cards: Cards
    audit: Audit

    async def __call__(self, actor: Actor, recipient: Recipient) -> Contact:
        """The addresses.

        Raises:
            NotFound: no card, or the person is forgotten; the asking is recorded all the same.
            AuditUnavailable: it could not be recorded.
        """
        subject = as_subject(recipient.key)
        async with self.audit.reading(
            actor,
            subjects=[subject],
            fields=SHOWN,
            purpose=Purpose.CONTACT,
            rule="contacts.read",
        ) as reading:
            if subject == NOT_AN_ID:
                raise NotFound  # nobody has such an id; what was typed is not kept
            contact = await reading.open(await self.cards.shown(recipient, by=actor))
            if contact is None:
                raise NotFound
            return contact
