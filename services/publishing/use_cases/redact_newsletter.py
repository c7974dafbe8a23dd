"""Take a newsletter out of archive and feed, and let nothing more of it leave."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.publishing.domain import newsletter as rules
from services.publishing.domain.mailing import ENDED, cancel
from services.publishing.domain.newsletter import Because, Newsletter
from services.publishing.use_cases.mailing_ports import Mailings
from services.publishing.use_cases.newsletters import Also, Newsletters, PartnersFeed
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.write_newsletter import save
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.refusal import VersionConflict


@dataclass(frozen=True, slots=True)
class RedactNewsletter:
    """Take it out of the archive and of the feeds, words and all, for good.

    Its mailings that have not ended are cancelled with it, and the words that were frozen for them
    are gone too: nothing more leaves, not even to those who failed. What is in people's mail
    already stays there. The reason is one of a few, since free words would say again what is to be
    gone.
    """

    newsletters: Newsletters
    mailings: Mailings
    feed: PartnersFeed
    transact: Transact
    clock: Clock

    async def __call__(
        self, newsletter_id: str, because: Because, *, version: int, by: Actor, also: Also
    ) -> Newsletter:
        """Raises NotPublished; once more is quiet."""
        known = await self.newsletters.read(newsletter_id, by=by)
        if known.version != version:
            raise VersionConflict
        redacted = rules.redact(known, because, self.clock.now())

        async def nothing_more_leaves(session: Session, newsletter: Newsletter) -> None:
            await self._stop(session, newsletter, by)
            await self.feed.all_of(session, newsletter.id, because, by=by)
            await also(session, newsletter)

        return await save(self.newsletters, self.transact, redacted, by, nothing_more_leaves)

    async def _stop(self, session: Session, newsletter: Newsletter, by: Actor) -> None:
        jobs = await self.mailings.of_newsletter(newsletter.id, session, by=by)
        for job in jobs:
            if job.mailing.state not in ENDED:
                await self.mailings.save(session, replace(job, mailing=cancel(job.mailing)), by=by)
        await self.mailings.drop_words(session, [job.id for job in jobs])
