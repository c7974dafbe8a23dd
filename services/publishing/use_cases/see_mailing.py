"""Where a mailing stands, and what became of its recipients: ids and codes, no address."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.publishing.domain.job import Job, Progress, progress
from services.publishing.domain.ledger import Ledger
from services.publishing.domain.outcome import Standing, State
from services.publishing.domain.recipients import Row, mailing_key, recipient_id
from services.publishing.use_cases.mailing_ports import Batches, Mailings
from shared.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Outcome:
    """One recipient's row."""

    recipient: uuid.UUID
    standing: Standing


@dataclass(frozen=True, slots=True)
class SeeMailing:
    """Progress is counted when it is asked for; the rate is that of the last seconds."""

    mailings: Mailings
    batches: Batches

    async def __call__(self, mailing_id: str, *, by: Actor) -> Job:
        """Raises NotFound."""
        return await self.mailings.read(mailing_id, by=by)

    async def progress(self, mailing_id: str, *, by: Actor) -> Progress:
        """How many stand where, how fast it goes, and how long it takes. Raises NotFound."""
        job = await self.mailings.read(mailing_id, by=by)
        tally, codes = await self.batches.tally(mailing_id, by=by)
        return progress(job, tally, codes, await self.mailings.pace(mailing_id))

    async def listed(
        self, asked: Mapping[str, str], *, limit: int, offset: int, by: Actor
    ) -> tuple[Sequence[Job], int]:
        """A page of them, the newest first; how many there are."""
        return await self.mailings.listed(asked, limit=limit, offset=offset, by=by)

    async def outcomes(
        self, mailing_id: str, state: State, *, limit: int, offset: int, by: Actor
    ) -> tuple[list[Outcome], int]:
        """A page of those who stand there, in the ledger's order; how many. Raises NotFound."""
        await self.mailings.read(mailing_id, by=by)
        tally, _ = await self.batches.tally(mailing_id, by=by)
        total = getattr(tally, state.replace("-", "_"))
        found: list[Outcome] = []
        skipped, key = 0, mailing_key(mailing_id)
        async for number, page in self.batches.pages(mailing_id, state, by=by):
            ledger = Ledger(page)
            for index in range(len(ledger)):
                standing = ledger.standing(index)
                if standing.state != state:
                    continue
                skipped += 1
                if skipped > offset:
                    found.append(Outcome(recipient_id(Row(key, number, index)), standing))
                if len(found) == limit:
                    return found, total
        return found, total
