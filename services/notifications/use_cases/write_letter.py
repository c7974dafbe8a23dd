"""Make a message ready for one channel: words in the recipient's language, calendar file beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.notifications.domain.channel_plan import Channel
from services.notifications.domain.message import Message
from services.notifications.domain.recipient_card import Contact
from services.notifications.use_cases import wording
from services.notifications.use_cases.calendar_file import Method, calendar_file
from services.notifications.use_cases.ports import Letter, Offers
from services.notifications.use_cases.templates import Template, template
from shared.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class WriteLetter:
    """Facts of the message + card → text. Needs no database but for an offer's code."""

    offers: Offers
    front_door: str
    mail_from: str

    async def __call__(
        self, message: Message, contact: Contact, channel: Channel, *, by: Actor
    ) -> Letter:
        """The letter.

        Raises:
            Undeclared: the message lacks a fact that its template declares.
        """
        form = template(message.template)
        variables = await self.variables(form, message, contact, by=by)
        if channel == "sms":
            return Letter(contact.language, sms=wording.sms(form, contact.language, variables))
        subject, text, html = wording.email(form, contact.language, variables)
        method = _method(form, message.facts)
        return Letter(
            contact.language,
            subject=subject,
            text=text,
            html=html,
            calendar=self._calendar(message, method) if method else None,
            calendar_method=method or "",
        )

    async def for_inbox(self, message: Message, contact: Contact, *, by: Actor) -> tuple[str, str]:
        """Title and body as the inbox shows them."""
        form = template(message.template)
        variables = await self.variables(form, message, contact, by=by)
        return wording.inbox(form, contact.language, variables)

    async def variables(
        self, form: Template, message: Message, contact: Contact, *, by: Actor
    ) -> dict[str, Any]:
        """What the template may use."""
        facts = dict(message.facts)
        if "code" in form.variables:
            facts["code"] = await self.offers.code_of(facts["offer_id"], by=by)
        return wording.variables_of(form, facts, contact, self.front_door)

    def _calendar(self, message: Message, method: Method) -> bytes:
        return calendar_file(
            message.about,
            message.facts,
            method=method,
            sequence=message.sequence,
            made_at=message.created_at,
            organiser=self.mail_from,
        )


def _method(form: Template, facts: Mapping[str, Any]) -> Method | None:
    if form.calendar == "cancel":
        return "CANCEL" if facts.get("had_places", True) else None
    if form.calendar == "request" or (
        form.calendar == "request-if-places" and facts.get("has_places")
    ):
        return "REQUEST"
    return None
