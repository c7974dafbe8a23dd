"""See what readers would get: both parts of the letter, and what they would stumble over."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape

from services.publishing.domain.blocks import Expanded
from services.publishing.domain.languages import direction, well_formed
from services.publishing.domain.newsletter import Newsletter, Text
from services.publishing.domain.preferences import UnknownLanguage
from services.publishing.mailing import slots
from services.publishing.mailing.frame import House, html_page, text_page
from services.publishing.mailing.lint import (
    Finding,
    languages_differ,
    lint,
    of_refusal,
    publication_unknown,
    shapes,
)
from services.publishing.mailing.markdown_parts import parts
from services.publishing.use_cases.fill_newsletter import FillNewsletter
from services.publishing.use_cases.letterhead import Letterhead
from services.publishing.use_cases.newsletters import Newsletters, the_list
from services.publishing.use_cases.subscriber_ports import Lists
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.refusal import Refusal

EXAMPLE = "exempel"
"""Stands where a reader's own token would: it opens nothing."""
_NOBODYS = {"unsubscribe": EXAMPLE, "preferences": EXAMPLE}


@dataclass(frozen=True, slots=True)
class Preview:
    """One language as a letter; both parts are empty while something must be mended."""

    language: str
    direction: str
    subject: str
    html: str
    text: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class PreviewNewsletter:
    """The letter of one language as it would be sent now, and what its readers would stumble over.

    Live: words that are not saved yet can be shown. The name is an example; links to leave and to
    change open nothing. Both parts are what a mail program gets, and load nothing from anywhere.
    """

    newsletters: Newsletters
    lists: Lists
    fill: FillNewsletter
    letterhead: Letterhead
    clock: Clock

    async def words(
        self,
        list_id: str,
        language: str,
        text: Text,
        *,
        name: str = "",
        tokens: Mapping[str, str] | None = None,
        by: Actor,
    ) -> Preview:
        """Words that need not be saved; `tokens` are somebody's own links, for a test letter.

        Raises:
            NotFound: there is no such list.
            UnknownLanguage: the language is no tag.
        """
        tag = well_formed(language)
        if tag is None:
            raise UnknownLanguage
        known = await the_list(self.lists, list_id, by=by)
        values = {"name": name, **(tokens or _NOBODYS)}
        return await self._shown(text, tag, self.letterhead.of(known, tag), values, by)

    async def saved(self, newsletter_id: str, *, by: Actor) -> list[Preview]:
        """Every language of a newsletter, with what can be said of all of them together."""
        newsletter = await self.newsletters.read(newsletter_id, by=by)
        known = await the_list(self.lists, newsletter.list_id, by=by)
        shown = [
            await self._shown(text, tag, self.letterhead.of(known, tag), _NOBODYS, by)
            for tag, text in sorted((newsletter.issue or newsletter.texts).items())
        ]
        return await self._compared(newsletter, shown, by)

    async def _shown(
        self, text: Text, language: str, house: House, values: Mapping[str, str], by: Actor
    ) -> Preview:
        try:
            filled = await self.fill(language, text.markdown, self.clock.now(), by=by)
            findings = await asyncio.to_thread(lint, text.subject, filled.text, language, house)
        except Refusal as refusal:
            return _unfinished(language, text, [of_refusal(refusal)])
        if filled.missing_cards:
            findings.append(publication_unknown())
        if any(each.severity == "error" for each in findings):
            return _unfinished(language, text, findings)
        return await asyncio.to_thread(
            _letter, language, text.subject, filled.text, house, values, findings
        )

    async def _compared(
        self, newsletter: Newsletter, shown: list[Preview], by: Actor
    ) -> list[Preview]:
        texts = newsletter.issue or newsletter.texts
        if len(shown) < 2 or not all(each.html for each in shown):
            return shown
        now = self.clock.now()
        filled = [await self.fill(each.language, texts[each.language].markdown, now, by=by)
                  for each in shown]  # fmt: skip
        if len({shapes(each.text) for each in filled}) == 1:
            return shown
        return [replace(each, findings=(*each.findings, languages_differ())) for each in shown]


def _letter(
    language: str,
    subject: str,
    text: Expanded,
    house: House,
    values: Mapping[str, str],
    findings: Sequence[Finding],
) -> Preview:
    inside, plain = parts(text.markdown, house.site)
    title = with_slots(subject, values, "text")
    return Preview(
        language,
        direction(language),
        title,
        with_slots(html_page(inside, title, language, house), values, "html"),
        with_slots(text_page(plain, language, house), values, "text"),
        tuple(findings),
    )


def _unfinished(language: str, text: Text, findings: Sequence[Finding]) -> Preview:
    return Preview(language, direction(language), text.subject, "", "", tuple(findings))


def with_slots(text: str, values: Mapping[str, str], flavour: slots.Flavour = "text") -> str:
    """Slots as one reader sees them; without a value, what stands there for everybody."""
    said = {name: escape(each) if flavour == "html" else each for name, each in values.items()}
    return "".join(
        piece if isinstance(piece, str) else said.get(piece.name) or piece.fallback
        for piece in slots.split(text, flavour)
    )
