"""The letters that a sign-up leads to: please confirm, or: you are on it already.

Nothing that was typed into the form stands in them but the choice of list: a form can be filled in
with somebody else's address, and must not become a way to write to them.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from services.publishing.domain.languages import chosen, direction
from services.publishing.domain.letter import Letter, Written
from services.publishing.domain.links import (
    OptIn,
    Place,
    key_of,
    opt_in_token,
    preference_token,
)
from services.publishing.domain.newsletter_list import NewsletterList, in_language
from services.publishing.domain.stamps import Keyring
from services.publishing.domain.subscriber import Contact, Subscriber, form
from services.publishing.domain.suppression import stops
from services.publishing.use_cases.opt_in_words import WORDS, Words
from services.publishing.use_cases.subscriber_ports import (
    Fingerprinting,
    Lists,
    Subscribers,
    Suppressions,
)
from shared.kernel.actor import housekeeping

_BY = housekeeping("write-opt-in")


@dataclass(frozen=True, slots=True)
class WriteOptIn:
    """`site` is where the links lead, without a slash at its end."""

    ring: Keyring
    lists: Lists
    subscribers: Subscribers
    suppressions: Suppressions
    fingerprints: Fingerprinting
    site: str
    sender_name: str

    async def opt_in(self, letter: Letter) -> Written | None:
        """Asks for what its form asked for and still waits; None when nothing does."""
        found = await self._whom(letter)
        if found is None:
            return None
        known, contact = found
        waiting = form(known, letter.facts["asked_at"])
        lists = await self._named([each.list_id for each in waiting])
        if not lists:
            return None
        words, language = _words(letter.language)
        first = waiting[0]
        asked = OptIn(Place(known.id, key_of(first.list_id)), first.asking)
        link = f"{self.site}/o/{opt_in_token(self.ring, asked)}"
        consents = [in_language(each.consent.words, language) for each in lists]
        return self._written(contact, words, language, lists, consents, link, words.confirm)

    async def already_on(self, letter: Letter) -> Written | None:
        """Says that there is nothing to do; None when they left meanwhile."""
        found = await self._whom(letter)
        if found is None:
            return None
        known, contact = found
        names = [name for name in letter.facts["lists"] if name in known.confirmed]
        lists = await self._named(names)
        if not lists:
            return None
        words, language = _words(letter.language)
        link = f"{self.site}/p/{preference_token(self.ring, known.id)}"
        return self._written(contact, words, language, lists, [], link, words.change)

    async def _whom(self, letter: Letter) -> tuple[Subscriber, Contact] | None:
        """Who it is to, unless nothing may be sent there."""
        subscriber = uuid.UUID(letter.about)
        known = await self.subscribers.find(subscriber, by=_BY)
        contact = await self.subscribers.contact(subscriber, by=_BY)
        if known is None or contact is None:
            return None
        blind = self.fingerprints.of(contact.address)
        causes = await self.suppressions.causes([blind], by=_BY)
        stopped = stops(causes.get(blind, ()), "transactional")
        return None if stopped else (known, contact)

    async def _named(self, names: Sequence[str]) -> list[NewsletterList]:
        every = {each.id: each for each in await self.lists.all(by=_BY)}
        return [every[name] for name in sorted(names) if name in every]

    def _written(
        self,
        contact: Contact,
        words: Words,
        language: str,
        lists: Sequence[NewsletterList],
        consents: Sequence[str],
        link: str,
        button: str,
    ) -> Written:
        names = [in_language(each.names, language) for each in lists]
        asks = bool(consents)
        subject = words.please if asks else words.already
        why = words.why if asks else words.nothing_to_do
        last = words.not_you if asks else words.not_you_already
        body = [*(f"- {name}" for name in names), *([""] if asks else []), *consents]
        text = "\n".join([why, "", *body, "", f"{button}:", link, "", last, "", self.sender_name])
        return Written(contact.address, subject, text + "\n", _html(
            language, subject, why, names, consents, link, button, f"{last} {self.sender_name}"
        ))  # fmt: skip


def _words(language: str) -> tuple[Words, str]:
    tag = chosen([language], WORDS, "sv")
    return WORDS[tag], tag


def _html(
    language: str,
    subject: str,
    why: str,
    names: Sequence[str],
    consents: Sequence[str],
    link: str,
    button: str,
    last: str,
) -> str:
    items = "".join(f"<li>{escape(name)}</li>" for name in names)
    agreed = "".join(f"<p>{escape(text)}</p>" for text in consents)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}" dir="{direction(language)}"><head>'
        f'<meta charset="utf-8"><title>{escape(subject)}</title></head><body><main>'
        f"<p>{escape(why)}</p><ul>{items}</ul>{agreed}"
        f'<p><a href="{escape(link)}">{escape(button)}</a></p><p>{escape(last)}</p>'
        "</main></body></html>\n"
    )
