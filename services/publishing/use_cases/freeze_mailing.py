"""A mailing's time has come: who gets it and what it says are put down for good, and it runs."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

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
Work: TypeAlias = Callable[[Session], Awaitable[None]]


class _TurnLost(Exception):
    """Somebody else freezes it by now, or nobody is to."""


@dataclass(frozen=True, slots=True)
class FreezeMailing:
    """Done by one worker at a time. Whoever dies in it has it done again from the beginning.

    Each write is one transaction with the proof that it is this worker's turn still: one that was
    held up (or put off, or cancelled) meanwhile adds nobody, takes nobody away and starts nothing.
    """

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
            owner = await self.mailings.begins_freezing(mailing_id)
            if owner is None:
                continue
            try:
                await self._one(mailing_id, owner)
            except (_TurnLost, VersionConflict):
                # Put off or cancelled, or its words were changed this moment; or it is somebody
                # else's by now.
                await self._given_up(mailing_id, owner)

    async def _one(self, mailing_id: str, owner: str) -> None:
        job = await self.mailings.read(mailing_id, by=_BY)
        newsletter = await self.newsletters.read(job.newsletter_id, by=_BY)
        await self._in_its_turn(job, owner, self._drop(job))
        people, batches = await self._people(job, newsletter, owner)
        try:
            await self._in_its_turn(job, owner, self._run(job, newsletter, people, batches))
        except VersionConflict:
            raise  # It is a refusal too, and none of an editor's.
        except Refusal as refusal:
            # Its words or its readers are gone since it was scheduled: an editor must look.
            log.warning("mailing_not_started", mailing=mailing_id, kind=refusal.kind)
            await self._in_its_turn(job, owner, self._back_to_a_draft(job))

    async def _given_up(self, mailing_id: str, owner: str) -> None:
        """What was put down of one that is not to be sent goes; of any other, by the next turn."""
        await self.mailings.ends_freezing(mailing_id, owner)

        async def work(session: Session) -> None:
            job = await self.mailings.read(mailing_id, session, by=_BY)
            if job.started_at is None and job.mailing.state != "scheduled":
                await self.batches.drop(session, mailing_id)

        await self.transact(work)

    async def _in_its_turn(self, job: Job, owner: str, work: Work) -> None:
        """Raises _TurnLost: then nothing of it is done."""

        async def ours(session: Session) -> None:
            if not await self.mailings.still_freezes(session, job.id, owner):
                raise _TurnLost
            await work(session)

        await self.transact(ours)

    async def _people(self, job: Job, newsletter: Newsletter, owner: str) -> tuple[int, int]:
        """How many people in how many batches."""
        people = batches = 0
        pages: list[list[uuid.UUID]] = []
        ids = self.readership.ids_in(job.list_id, newsletter.segment, by=_BY, page=LARGEST)
        async for page in ids:
            people += len(page)
            pages.append(page)
            if len(pages) == _TOGETHER:
                await self._in_its_turn(job, owner, self._put(job, batches, pages))
                batches, pages = batches + len(pages), []
        if pages:
            await self._in_its_turn(job, owner, self._put(job, batches, pages))
        return people, batches + len(pages)

    def _put(self, job: Job, first: int, pages: Sequence[Sequence[uuid.UUID]]) -> Work:
        async def work(session: Session) -> None:
            await self.batches.put(session, job.id, first, pages)

        return work

    def _drop(self, job: Job) -> Work:
        async def work(session: Session) -> None:
            await self.batches.drop(session, job.id)

        return work

    def _run(self, job: Job, newsletter: Newsletter, people: int, batches: int) -> Work:
        now = self.clock.now()

        async def work(session: Session) -> None:
            after = replace(
                job,
                mailing=rules.start(job.mailing, people),
                segment=newsletter.segment,
                batches=batches,
                started_at=now,
            )
            words = await self.publish(session, job.newsletter_id, now, by=_BY)
            known = await the_list(self.lists, job.list_id, by=_BY)
            variants = [(each, self.letterhead.of(known, each.language)) for each in words]
            await self.mailings.freeze(session, Content(job.id, job.list_id, "running", variants))
            await self.mailings.save(session, after, by=_BY)

        return work

    def _back_to_a_draft(self, job: Job) -> Work:
        async def work(session: Session) -> None:
            await self.batches.drop(session, job.id)
            after = replace(job, mailing=rules.unschedule(job.mailing))
            await self.mailings.save(session, after, by=_BY)

        return work
