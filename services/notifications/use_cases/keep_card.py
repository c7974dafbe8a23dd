"""A contact card came: open its box, keep it encrypted, and send what waited for it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import phonenumbers

from services.notifications.domain.recipient_card import Card, Contact, Recipient, fate_of
from services.notifications.use_cases.plan_deliveries import PlanDeliveries
from services.notifications.use_cases.ports import Cards, Messages, Numbers, Offers, Session
from shared.kernel.actor import Actor
from shared.kernel.phone_numbers import can_take_sms
from shared.kernel.refusal import Refusal

Outcome = Literal["handled", "superseded", "forgotten"]
OpenBox = Callable[[str, str], Awaitable[Mapping[str, Any]]]
"""Key id and box, as they stand in the event → what was sealed in it."""


class CardOfSomebodyElse(Refusal):
    """The box was sealed for another recipient or source than its envelope says."""

    kind = "card-of-somebody-else"
    sv = "Kontaktkortet hör inte till den mottagare som anges."
    en = "The contact card does not belong to the recipient that it names."


@dataclass(frozen=True, slots=True)
class KeepCard:
    """Runs inside the listener's transaction; the person's key is made beside it."""

    open_box: OpenBox
    cards: Cards
    messages: Messages
    offers: Offers
    plan: PlanDeliveries
    numbers: Numbers

    async def __call__(
        self,
        session: Session,
        recipient: Recipient,
        revision: int,
        key_id: str,
        box: str,
        *,
        by: Actor,
    ) -> Outcome:
        """Keep it if it is the newest.

        Raises:
            CardOfSomebodyElse: inside stands another recipient, source or revision.
            Forgotten: the person is to stay unknown.
        """
        fate = fate_of(await self.cards.hold(session, recipient, by=by), revision)
        if fate != "keep":
            return fate
        inside = await self.open_box(key_id, box)
        said = (inside.get("source"), inside.get("recipient_id"), inside.get("revision"))
        if said != (recipient.source, recipient.id, revision):
            raise CardOfSomebodyElse
        contact = _contact(inside)
        card = self._card(recipient, revision, contact)
        await self.cards.keep(session, card, await self.cards.seal(recipient, contact))
        await self.offers.renumber(session, card)
        await self.plan.deliveries.readdress(session, card)
        for message in await self.messages.waiting(session, recipient, by=by):
            await self.plan.card_came(session, message, card)
        return "handled"

    def _card(self, recipient: Recipient, revision: int, contact: Contact) -> Card:
        """A landline is kept for staff to call, and no SMS is ever sent there."""
        phone = contact.phone if contact.phone and can_take_sms(contact.phone) else None
        return Card(
            recipient=recipient,
            revision=revision,
            language=contact.language,
            number=self.numbers.of_phone(phone) if phone else None,
            mail=self.numbers.of_email(contact.email) if contact.email else None,
            link=self.numbers.of_link(contact.link_secret) if contact.link_secret else None,
        )


def _contact(inside: Mapping[str, Any]) -> Contact:
    email = str(inside.get("email") or "").strip()
    return Contact(
        name=str(inside.get("name") or ""),
        phone=e164(str(inside.get("phone") or "")),
        email=email if "@" in email else None,
        language="en" if inside.get("language") == "en" else "sv",
        link_secret=str(inside.get("link_secret") or "") or None,
    )


def e164(phone: str) -> str | None:
    """A number in E.164 form, read as Swedish if it says no country; None if it is none."""
    try:
        number = phonenumbers.parse(phone, "SE")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
