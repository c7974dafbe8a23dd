"""A newsletter is to be sent: a mailing, as a draft, and whom it would reach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.publishing.domain.figures import shown
from services.publishing.domain.job import Job
from services.publishing.domain.limits import Limit
from services.publishing.domain.mailing import Mailing
from services.publishing.domain.newsletter import NotADraft
from services.publishing.use_cases.mailing_ports import Also, Mailings, Readership
from services.publishing.use_cases.newsletters import Newsletters
from services.publishing.use_cases.ports import Session, Transact
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class CreateMailing:
    """Make a mailing of a newsletter to its list. Nothing is sent before it is started.

    It goes to the newsletter's segment as it stands when the mailing starts. A limit of its own
    holds beside the house's.
    """

    newsletters: Newsletters
    mailings: Mailings
    transact: Transact
    clock: Clock

    async def __call__(
        self, newsletter_id: str, per_minute: int | None, also: Also, *, by: Actor
    ) -> Job:
        """Raises NotFound, NotADraft (it was redacted)."""
        newsletter = await self.newsletters.read(newsletter_id, by=by)
        if newsletter.state == "redacted":
            raise NotADraft
        limit = None if per_minute is None else Limit(per_minute, timedelta(minutes=1))
        job = Job(
            Mailing(new_id()),
            newsletter_id,
            newsletter.list_id,
            self.clock.now(),
            newsletter.segment,
            limit,
        )

        async def work(session: Session) -> Job:
            saved = await self.mailings.save(session, job, by=by)
            await also(session, saved)
            return saved

        return await self.transact(work)


@dataclass(frozen=True, slots=True)
class CountRecipients:
    """How many it would reach if it started now. One to four are not told."""

    mailings: Mailings
    newsletters: Newsletters
    readership: Readership

    async def __call__(self, mailing_id: str, *, by: Actor) -> int | None:
        """The count; None: fewer than five. Raises NotFound."""
        job = await self.mailings.read(mailing_id, by=by)
        if job.started_at is not None:
            return shown(job.mailing.recipients)
        newsletter = await self.newsletters.read(job.newsletter_id, by=by)
        return shown(await self.readership.count(job.list_id, newsletter.segment, by=by))
