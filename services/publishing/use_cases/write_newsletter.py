"""An editor writes a newsletter: begins it, writes a language, says whom it is for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.publishing.domain import newsletter as rules
from services.publishing.domain.newsletter import Newsletter, Text
from services.publishing.domain.segments import Segment
from services.publishing.use_cases.newsletters import Also, Newsletters, the_list
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.subscriber_ports import Lists
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id
from shared.kernel.refusal import VersionConflict


@dataclass(frozen=True, slots=True)
class BeginNewsletter:
    """Begin a newsletter to the readers of a list. It is a draft until its first mailing starts.

    Nobody outside sees a draft; its languages are written one by one.
    """

    newsletters: Newsletters
    lists: Lists
    transact: Transact

    async def __call__(
        self, list_id: str, segment: Segment, *, by: Actor, also: Also
    ) -> Newsletter:
        """Raises NotFound for a list that there is not."""
        known = await the_list(self.lists, list_id, by=by)
        begun = Newsletter(new_id(), known.id, segment=segment)
        return await save(self.newsletters, self.transact, begun, by, also)


@dataclass(frozen=True, slots=True)
class WriteNewsletter:
    """Write, rewrite or take out one language of a draft; say which of the readers it is for.

    Markdown (CommonMark, tables; no HTML) with `{{name|word}}` for the reader's name, and blocks:
    `::: tillfällen`, `::: publikation`, `::: bild`. What was sent is not rewritten.
    """

    newsletters: Newsletters
    transact: Transact

    async def text(
        self, newsletter_id: str, language: str, text: Text, *, version: int, by: Actor, also: Also
    ) -> Newsletter:
        """Raises what `rules.write` raises."""
        return await self._change(
            newsletter_id, lambda each: rules.write(each, language, text), version, by, also
        )

    async def unwrite(
        self, newsletter_id: str, language: str, *, version: int, by: Actor, also: Also
    ) -> Newsletter:
        """Raises NotADraft."""
        return await self._change(
            newsletter_id, lambda each: rules.unwrite(each, language), version, by, also
        )

    async def aim(
        self, newsletter_id: str, segment: Segment, *, version: int, by: Actor, also: Also
    ) -> Newsletter:
        """Raises NotADraft."""
        return await self._change(
            newsletter_id, lambda each: rules.aim(each, segment), version, by, also
        )

    async def _change(
        self,
        newsletter_id: str,
        change: Callable[[Newsletter], Newsletter],
        version: int,
        by: Actor,
        also: Also,
    ) -> Newsletter:
        known = await self.newsletters.read(newsletter_id, by=by)
        if known.version != version:
            raise VersionConflict
        return await save(self.newsletters, self.transact, change(known), by, also)


async def save(
    newsletters: Newsletters, transact: Transact, newsletter: Newsletter, by: Actor, also: Also
) -> Newsletter:
    """Save it with whatever else belongs to the same transaction."""

    async def work(session: Session) -> Newsletter:
        saved = await newsletters.save(session, newsletter, by=by)
        await also(session, saved)
        return saved

    return await transact(work)
