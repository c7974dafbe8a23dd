"""A mailing starts: the words are frozen, and the newsletter stands in the archive."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.publishing.domain import newsletter as rules
from services.publishing.domain.blocks import Expanded
from services.publishing.domain.languages import chosen
from services.publishing.domain.news import NewsletterOut
from services.publishing.domain.newsletter import Newsletter, NotADraft, Text
from services.publishing.domain.newsletter_list import DEFAULT, NewsletterList
from services.publishing.mailing.compiling import Words
from services.publishing.mailing.frame import House
from services.publishing.mailing.lint import lint
from services.publishing.use_cases.fill_newsletter import FillNewsletter
from services.publishing.use_cases.letterhead import Letterhead
from services.publishing.use_cases.newsletters import Newsletters, the_list
from services.publishing.use_cases.ports import Session, Tell
from services.publishing.use_cases.preview_newsletter import with_slots
from services.publishing.use_cases.subscriber_ports import Lists
from shared.kernel.actor import Actor
from shared.kernel.refusal import Refusal


class NewsletterHasFaults(Refusal):
    """Something in it would shut a reader out."""

    kind = "newsletter-has-faults"
    sv = "Nyhetsbrevet har {count} fel som måste rättas först. Förhandsvisningen visar vilka."
    en = "The newsletter has {count} faults that must be mended first. The preview shows which."


@dataclass(frozen=True, slots=True)
class PublishNewsletter:
    """Freezes the words when the first mailing starts: all of its mailings send the same issue.

    The world is told of it when the list is open to everybody: what only some get is theirs.
    """

    newsletters: Newsletters
    lists: Lists
    fill: FillNewsletter
    letterhead: Letterhead
    tell: Tell

    async def frozen(
        self, newsletter_id: str, now: datetime, session: Session = None, *, by: Actor
    ) -> Sequence[Words]:
        """What would be sent now; once it is published, what was sent. Changes nothing.

        Raises:
            NotFound, NotADraft (it was redacted), NothingWritten, NewsletterHasFaults, and what a
            block that cannot be filled raises.
        """
        newsletter = await self.newsletters.read(newsletter_id, session, by=by)
        known = await the_list(self.lists, newsletter.list_id, by=by)
        return _words(await self._issue(newsletter, known, now, by))

    async def __call__(
        self, session: Session, newsletter_id: str, now: datetime, *, by: Actor
    ) -> Sequence[Words]:
        """In the transaction of the mailing that starts. Again is quiet. Raises as `frozen`."""
        newsletter = await self.newsletters.read(newsletter_id, session, by=by)
        known = await the_list(self.lists, newsletter.list_id, by=by)
        issue = await self._issue(newsletter, known, now, by)
        if newsletter.state == "draft":
            published = rules.publish(newsletter, issue, now)
            saved = await self.newsletters.save(session, published, by=by)
            if known.is_open:
                await self.tell(session, _news(saved, now))
        return _words(issue)

    async def _issue(
        self, newsletter: Newsletter, known: NewsletterList, now: datetime, by: Actor
    ) -> Mapping[str, Text]:
        if newsletter.state == "published":
            return newsletter.issue
        if newsletter.state == "redacted":
            raise NotADraft
        issue = await self.fill.all(newsletter.texts, now, by=by)
        if not issue:
            raise rules.NothingWritten
        houses = {tag: self.letterhead.of(known, tag) for tag in issue}
        faults = await asyncio.to_thread(_faults, issue, houses)
        if faults:
            raise NewsletterHasFaults(count=faults)
        return issue


def path_of(list_id: str, language: str, newsletter_id: str) -> str:
    """Where an issue is read, below the front door."""
    return f"/nyhetsbrev/{list_id}/{language}/{newsletter_id}"


def _faults(issue: Mapping[str, Text], houses: Mapping[str, House]) -> int:
    found = [
        each
        for tag, text in issue.items()
        for each in lint(text.subject, Expanded(text.markdown, ()), tag, houses[tag])
    ]
    return sum(each.severity == "error" for each in found)


def _words(issue: Mapping[str, Text]) -> list[Words]:
    return [Words(tag, text.subject, text.markdown) for tag, text in sorted(issue.items())]


def _news(newsletter: Newsletter, at: datetime) -> NewsletterOut:
    titles = {tag: with_slots(text.subject, {}) for tag, text in newsletter.issue.items()}
    first = chosen([DEFAULT], titles, DEFAULT)
    return NewsletterOut(
        newsletter_id=newsletter.id,
        list_id=newsletter.list_id,
        titles=titles,
        at=at,
        path=path_of(newsletter.list_id, first, newsletter.id),
        sequence=newsletter.version,
    )
