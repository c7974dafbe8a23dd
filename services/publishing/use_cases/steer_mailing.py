"""What an editor says to a mailing: when, now, wait, go on, stop, once more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from services.publishing.domain import mailing as rules
from services.publishing.domain.job import Job
from services.publishing.domain.mailing import Mailing, NobodyToWriteTo, Stall
from services.publishing.domain.newsletter import Redacted
from services.publishing.domain.outcome import NothingToSendAgain
from services.publishing.use_cases.mailing_ports import Also, Batches, Mailings, Readership
from services.publishing.use_cases.newsletters import Newsletters
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.publish_newsletter import PublishNewsletter
from shared.kernel.actor import Actor, housekeeping
from shared.kernel.clock import Clock
from shared.kernel.refusal import VersionConflict

_BY = housekeeping("mailer")
_TRIES = 5


@dataclass(frozen=True, slots=True)
class SteerMailing:
    """Each names the version that was seen, and holds for every letter not yet begun, at once."""

    mailings: Mailings
    batches: Batches
    newsletters: Newsletters
    readership: Readership
    publish: PublishNewsletter
    transact: Transact
    clock: Clock

    async def schedule(
        self, mailing_id: str, at: datetime, seen: int, also: Also, *, by: Actor
    ) -> Job:
        """Start it at that time; said again: at another one. Words and readers are read then.

        Raises:
            NotFound, VersionConflict, NotInThisState, InThePast, and what its words still lack.
        """
        job = await self._seen(mailing_id, seen, by)
        now = self.clock.now()
        await self.publish.frozen(job.newsletter_id, now, by=by)
        return await self._saved(job, lambda known: rules.schedule(known, at, now), also, by)

    async def unschedule(self, mailing_id: str, seen: int, also: Also, *, by: Actor) -> Job:
        """Back to a draft. Raises NotFound, VersionConflict, NotInThisState."""
        return await self._saved(await self._seen(mailing_id, seen, by), rules.unschedule, also, by)

    async def start(self, mailing_id: str, seen: int, also: Also, *, by: Actor) -> Job:
        """Start it: words and readers are frozen within seconds, then letters leave.

        Raises:
            NotFound, VersionConflict, NotInThisState, NobodyToWriteTo, and what its words lack.
        """
        job = await self._seen(mailing_id, seen, by)
        now = self.clock.now()
        await self.publish.frozen(job.newsletter_id, now, by=by)
        newsletter = await self.newsletters.read(job.newsletter_id, by=by)
        if not await self.readership.count(job.list_id, newsletter.segment, by=by):
            raise NobodyToWriteTo
        return await self._saved(job, lambda known: rules.start_at_once(known, now), also, by)

    async def pause(self, mailing_id: str, seen: int, also: Also, *, by: Actor) -> Job:
        """Let nothing more leave for now. Raises NotFound, VersionConflict, NotInThisState."""
        return await self._saved(await self._seen(mailing_id, seen, by), rules.pause, also, by)

    async def resume(self, mailing_id: str, seen: int, also: Also, *, by: Actor) -> Job:
        """Go on. Raises NotFound, VersionConflict, NotInThisState."""
        return await self._saved(await self._seen(mailing_id, seen, by), rules.resume, also, by)

    async def cancel(self, mailing_id: str, seen: int, also: Also, *, by: Actor) -> Job:
        """For good: who is waiting is not written to. What has left is not called back.

        Raises NotFound, VersionConflict, NotInThisState.
        """
        return await self._saved(await self._seen(mailing_id, seen, by), rules.cancel, also, by)

    async def send_again(
        self, mailing_id: str, cause: str, seen: int, also: Also, *, by: Actor
    ) -> Job:
        """Once more to those who failed by this cause: `uncertain`, or a bounce's code.

        Raises:
            NotFound, VersionConflict, NotInThisState, NothingToSendAgain, Redacted.
        """
        job = await self._seen(mailing_id, seen, by)
        newsletter = await self.newsletters.read(job.newsletter_id, by=by)
        if newsletter.state == "redacted":
            raise Redacted
        tally, codes = await self.batches.tally(mailing_id, by=by)
        failed = tally.uncertain if cause == "uncertain" else codes.get(cause, 0)
        if not failed:
            raise NothingToSendAgain
        again = replace(job, again=cause, ended_at=None)
        return await self._saved(again, lambda known: rules.send_again(known, failed), also, by)

    # Said by mailers

    async def stall(self, mailing_id: str, cause: Stall) -> None:
        """It cannot go on by itself."""
        await self._by_itself(mailing_id, lambda known: rules.stalled(known, cause))

    async def mended(self, cause: Stall) -> None:
        """What stalled them is gone."""
        for mailing_id in await self.mailings.stalled_by(cause):
            await self._by_itself(
                mailing_id, lambda known: rules.resume(known) if known.stall == cause else known
            )

    async def _by_itself(self, mailing_id: str, decide: Callable[[Mailing], Mailing]) -> None:
        for _ in range(_TRIES):
            job = await self.mailings.read(mailing_id, by=_BY)
            if decide(job.mailing) == job.mailing:
                return
            try:
                await self._saved(job, decide, _nothing_more, _BY)
            except VersionConflict:
                continue
            return

    async def _seen(self, mailing_id: str, seen: int, by: Actor) -> Job:
        job = await self.mailings.read(mailing_id, by=by)
        if job.version != seen:
            raise VersionConflict
        return job

    async def _saved(
        self, job: Job, decide: Callable[[Mailing], Mailing], also: Also, by: Actor
    ) -> Job:
        after = replace(job, mailing=decide(job.mailing))

        async def work(session: Session) -> Job:
            known = await self.mailings.read(job.id, session, by=by)
            if known.version != job.version:
                raise VersionConflict
            saved = known if after == known else await self.mailings.save(session, after, by=by)
            await also(session, saved)
            return saved

        return await self.transact(work)


async def _nothing_more(session: Session, job: Job) -> None:
    del session, job
