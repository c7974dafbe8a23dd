"""What time does to mailings that have begun: batches handed out, pace taken, ends told."""

from __future__ import annotations

from dataclasses import dataclass, replace

from services.publishing.domain import mailing as rules
from services.publishing.domain.job import Job, paced
from services.publishing.domain.mailing import Tally
from services.publishing.domain.news import MailingEnded
from services.publishing.use_cases.mailing_ports import Batches, GiveWork, Mailings
from services.publishing.use_cases.ports import Session, Tell, Transact
from shared.kernel.actor import housekeeping
from shared.kernel.clock import Clock, real_now
from shared.kernel.refusal import VersionConflict

OUTSTANDING = 12
"""Batches of a mailing that mailers are told of ahead: few, so that all find some."""
_BY = housekeeping("mailings")


@dataclass(frozen=True, slots=True)
class HandOutBatches:
    """Tells mailers of batches that are due and nobody's; again of one that nobody took.

    The message is a hint: whoever takes the batch asks the ledger. So a message that is lost, or
    comes twice, costs nothing.
    """

    mailings: Mailings
    batches: Batches
    give: GiveWork

    async def __call__(self) -> None:
        """All that may be told of now."""
        for job in await self.mailings.watched(by=_BY):
            if job.mailing.state != "running" or job.again is not None:
                continue
            for hint in await self.batches.to_hand_out(job.id, OUTSTANDING):
                if not await self.give(hint):
                    return


@dataclass(frozen=True, slots=True)
class SettleMailings:
    """Counts the ledgers: a mailing is finished when everybody is accounted for, never before."""

    mailings: Mailings
    batches: Batches
    transact: Transact
    tell: Tell
    clock: Clock

    async def __call__(self) -> None:
        """All that have begun and have not ended."""
        for job in await self.mailings.watched(by=_BY):
            try:
                await self._one(job)
            except VersionConflict:
                continue  # Somebody spoke to it this moment: next time.

    async def _one(self, job: Job) -> None:
        if job.again is not None:
            await self._open_again(job, job.again)
            return
        if job.mailing.state == "cancelled":
            await self.batches.close_open(job.id)
        tally, _ = await self.batches.tally(job.id, by=_BY)
        pace = paced(await self.mailings.pace(job.id), tally, real_now())
        await self.mailings.keep_pace(job.id, pace)
        after = rules.settle(job.mailing, tally)
        if not tally.open and after.state in rules.ENDED:
            await self._ends(replace(job, mailing=after, ended_at=self.clock.now()), tally)

    async def _open_again(self, job: Job, cause: str) -> None:
        """A worker that dies in it goes on: who waits already is not found a second time."""
        if not await self.batches.open_again(job.id, cause):
            return  # Next time: until then nothing is handed out.

        async def work(session: Session) -> None:
            await self.mailings.save(session, replace(job, again=None), by=_BY)

        await self.transact(work)

    async def _ends(self, job: Job, tally: Tally) -> None:
        async def work(session: Session) -> None:
            saved = await self.mailings.save(session, job, by=_BY)
            await self.tell(
                session, MailingEnded(saved.mailing, saved.newsletter_id, tally, saved.version)
            )

        await self.transact(work)
