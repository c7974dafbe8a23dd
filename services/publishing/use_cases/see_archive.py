"""What was published, for everybody: pages of issues, one of them, and the feed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.publishing.domain.languages import direction
from services.publishing.domain.newsletter_list import NewsletterList, in_language
from services.publishing.mailing.markdown_parts import inside_page
from services.publishing.use_cases.letterhead import Letterhead
from services.publishing.use_cases.newsletters import Archive, Issue, the_list
from services.publishing.use_cases.preview_newsletter import with_slots
from services.publishing.use_cases.publish_newsletter import path_of
from services.publishing.use_cases.subscriber_ports import Lists
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.web.atom import Entry, Feed, atom, tag

IN_A_FEED = 20
BEGUN = "2026"
"""Since when the sender's domain is ours, for ids that stand for ever (RFC 4151)."""
_EMPTY_SINCE = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """One issue as a page shows it: `html` is safe inside any page, images of ours are shown."""

    issue: Issue
    title: str
    direction: str
    html: str
    text: str
    path: str


@dataclass(frozen=True, slots=True)
class SeeArchive:
    """Newsletters that were sent, per list and language, the newest first.

    Only of lists that are open to everybody. What was redacted is gone, from the feed too.
    Readers' names are nowhere in it: where a letter greets by name, the words for others stand.
    """

    archive: Archive
    lists: Lists
    letterhead: Letterhead

    async def languages(self, list_id: str, *, by: Actor) -> Sequence[str]:
        """Those that issues of a list were written in. Raises NotFound."""
        await self._open(list_id, by)
        return await self.archive.languages(list_id, by=by)

    async def issues(
        self, list_id: str, language: str, *, limit: int, offset: int, by: Actor
    ) -> tuple[Sequence[Issue], int]:
        """A page of them, subjects as everybody may read them. Raises NotFound."""
        await self._open(list_id, by)
        return await self.archive.issues(list_id, language, limit=limit, offset=offset, by=by)

    async def issue(self, list_id: str, language: str, newsletter_id: str, *, by: Actor) -> Shown:
        """One of them. Raises NotFound; Redacted for one that was taken away."""
        await self._open(list_id, by)
        found = await self.archive.issue(newsletter_id, language, by=by)
        if found.list_id != list_id:
            raise NotFound
        return self.shown(found)

    async def feed(self, list_id: str, language: str, *, by: Actor) -> bytes:
        """The newest as Atom (RFC 4287). Raises NotFound."""
        known = await self._open(list_id, by)
        found, _ = await self.archive.issues(list_id, language, limit=IN_A_FEED, offset=0, by=by)
        changed = await self.archive.changed_at(list_id, by=by)
        return atom(self._feed(known, language, found, changed or _EMPTY_SINCE))

    def shown(self, issue: Issue) -> Shown:
        """The issue as a page of ours shows it."""
        html, text = inside_page(
            with_slots(issue.markdown, {}), self.letterhead.site, self.letterhead.images
        )
        return Shown(
            issue,
            with_slots(issue.subject, {}),
            direction(issue.language),
            html,
            text,
            path_of(issue.list_id, issue.language, issue.id),
        )

    async def _open(self, list_id: str, by: Actor) -> NewsletterList:
        known = await the_list(self.lists, list_id, by=by)
        if not known.is_open:
            raise NotFound
        return known

    def _feed(
        self, known: NewsletterList, language: str, issues: Sequence[Issue], changed: datetime
    ) -> Feed:
        here = f"{self.letterhead.site}/nyhetsbrev/{known.id}/{language}"
        return Feed(
            id=self._tag("lists", known.id, language),
            title=in_language(known.names, language),
            author=self.letterhead.sender_name,
            language=language,
            updated=changed,
            here=f"{here}/atom.xml",
            page=here,
            entries=[self._entry(self.shown(each)) for each in issues],
        )

    def _entry(self, shown: Shown) -> Entry:
        return Entry(
            id=self._tag("newsletters", shown.issue.id, shown.issue.language),
            title=shown.title,
            published=shown.issue.published_at,
            updated=shown.issue.published_at,
            link=self.letterhead.site + shown.path,
            html=f'<div dir="{shown.direction}">{shown.html}</div>',
        )

    def _tag(self, *path: str) -> str:
        return tag(self.letterhead.sender.rpartition("@")[2], BEGUN, *path)
