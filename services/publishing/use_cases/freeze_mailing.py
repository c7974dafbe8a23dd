"""A mailing's time has come: who gets it and what it says are put down for good, and it runs."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from services.publishing.domain import mailing as rules
from services.publishing.domain.job import Job
from services.publishing.domain.ledger import LARGEST
from services.publishing.domain.newsletter import Newsletter
from services.publishing.mailing.ports import Content
from services.publishing.use_cases.letterhead import Letterhead
from services.publishing.use_cases.mailing_ports import Batches, Mailings, Readership
from services.publishing.use_cases.newsletters import Newsletters, the_list
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.publish_newsletter import PublishNewsletter
from services.publishing.use_cases.subscriber_ports import Lists
from shared.kernel.actor import housekeeping
from shared.kernel.clock import Clock
from shared.kernel.refusal import Refusal, VersionConflict

log = structlog.get_logger(__name__)
_BY = housekeeping("freeze-mailing")
_TOGETHER = 10


@dataclass(frozen=True, slots=True)
class FreezeMailing:
    """Done by one worker at a time. Whoever dies in it has it done again from the beginning."""

    mailings: Mailings
    batches: Batches
    newsletters: Newsletters
    lists: Lists
    readership: Readership
    publish: PublishNewsletter
    letterhead: Letterhead
    transact: Transact
    clock: Clock

    async def __call__(self) -> None:
        """All whose time has come."""
        for mailing_id in await self.mailings.due(self.clock.now()):
            owner = await self.mailings.freezes(mailing_id, None)
            if owner is not None:
                await self._one(mailing_id, owner)

    async def _one(self, mailing_id: str, owner: str) -> None:
        job = await self.mailings.read(mailing_id, by=_BY)
        newsletter = await self.newsletters.read(job.newsletter_id, by=_BY)
        await self.batches.drop(mailing_id)
        frozen = await self._people(job, newsletter, owner)
        if frozen is None:
            return
        people, batches = frozen
        try:
            await self._run(job, newsletter, people, batches, self.clock.now())
        except VersionConflict:
            # Cancelled or put off meanwhile.
            await self._drop_unless_running(mailing_id)
        except Refusal as refusal:
            # Its words or its readers are gone since it was scheduled: an editor must look.
            log.warning("mailing_not_started", mailing=mailing_id, kind=refusal.kind)
            await self.batches.drop(mailing_id)
            await self._back_to_a_draft(job)

    async def _people(self, job: Job, newsletter: Newsletter, owner: str) -> tuple[int, int] | None:
        """How many people in how many batches; None when it is not ours to freeze any more."""
        people = batches = 0
        pages: list[list[uuid.UUID]] = []
        ids = self.readership.ids_in(job.list_id, newsletter.segment, by=_BY, page=LARGEST)
        async for page in ids:
            people += len(page)
            pages.append(page)
            if len(pages) == _TOGETHER:
                if await self.mailings.freezes(job.id, owner) is None:
                    return None
                await self.batches.put(job.id, batches, pages)
                batches, pages = batches + len(pages), []
        if await self.mailings.freezes(job.id, owner) is None:
            return None
        if pages:
            await self.batches.put(job.id, batches, pages)
        return people, batches + len(pages)

    async def _run(
        self, job: Job, newsletter: Newsletter, people: int, batches: int, now: datetime
    ) -> None:
        after = replace(
            job,
            mailing=rules.start(job.mailing, people),
            segment=newsletter.segment,
            batches=batches,
            started_at=now,
        )

        async def work(session: Session) -> None:
            words = await self.publish(session, job.newsletter_id, now, by=_BY)
            known = await the_list(self.lists, job.list_id, by=_BY)
            variants = [(each, self.letterhead.of(known, each.language)) for each in words]
            await self.mailings.freeze(session, Content(job.id, job.list_id, "running", variants))
            await self.mailings.save(session, after, by=_BY)

        await self.transact(work)

    async def _back_to_a_draft(self, job: Job) -> None:
        async def work(session: Session) -> None:
            after = replace(job, mailing=rules.unschedule(job.mailing))
            await self.mailings.save(session, after, by=_BY)

        await self.transact(work)

    async def _drop_unless_running(self, mailing_id: str) -> None:
        job = await self.mailings.read(mailing_id, by=_BY)
        if job.started_at is None:
            await self.batches.drop(mailing_id)
