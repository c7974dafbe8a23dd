"""The handbook: which edition is out, and who has read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, TypeVar, cast

from services.mentoring.domain.handbook import Confirmation, Handbook, release
from services.mentoring.domain.ids import Username
from services.mentoring.domain.mentor import confirm_handbook
from services.mentoring.domain.mentor_rules import EditionUnknown
from services.mentoring.use_cases.case_work import username_of
from services.mentoring.use_cases.change_mentor import mentor_steps
from services.mentoring.use_cases.mentors import (
    CONFIRMATIONS,
    HANDBOOK,
    MENTORS,
    Handbooks,
    Mentors,
)
from services.mentoring.use_cases.ports import Ledger, Saving, Session
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.refusal import NotFound
from shared.observability.cause import current_cause

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class SeeHandbook:
    """The newest edition, and the one that you have confirmed."""

    handbooks: Handbooks

    async def __call__(self, *, by: Actor) -> tuple[Handbook, Confirmation | None]:
        """The edition is 0 before the first."""
        newest = await self.handbooks.newest(by=by)
        return newest, await self.handbooks.confirmed(by.username, by=by)

    async def confirmations(
        self, *, by: Actor, limit: int, offset: int
    ) -> tuple[Sequence[Confirmation], int]:
        """Who has read which edition, newest first, and how many there are."""
        return await self.handbooks.confirmations(by=by, limit=limit, offset=offset)


@dataclass(frozen=True, slots=True)
class HearOfEdition:
    """Publishing has released an edition: nobody who has not read it gets a new mentee."""

    handbooks: Handbooks
    ledger: Ledger

    async def __call__(
        self, number: int, named: str, path: str, at: datetime, *, by: Actor, session: Session
    ) -> bool:
        """Whether it was news."""
        before = await self.handbooks.newest(by=by, session=session)
        after = release(before, number, named, path, at)
        if after == before:
            return False
        after = replace(after, version=before.version + 1)
        saving = Saving(replaces=[(HANDBOOK, {"_id": HANDBOOK, **asdict(after)})])
        await self.ledger.save(replace(saving, cause=current_cause()), session=session)
        return True


@dataclass(frozen=True, slots=True)
class ConfirmHandbook:
    """Confirm that you have read an edition of the handbook. Doing so again changes nothing."""

    handbooks: Handbooks
    mentors: Mentors
    ledger: Ledger
    audit: Audit
    clock: Clock

    async def __call__(
        self, edition: int, *, by: Actor, once: Any, present: Callable[[Confirmation], A]
    ) -> A:
        """Raises EditionUnknown, VersionConflict."""
        kept = await self.ledger.answered(once)
        if kept is not None:
            return cast("A", kept)
        newest = (await self.handbooks.newest(by=by)).edition
        if not 1 <= edition <= newest:
            raise EditionUnknown
        read = await self.handbooks.confirmed(by.username, by=by)
        if read is not None and read.edition >= edition:
            return present(read)
        confirmed = Confirmation(Username(by.username), edition, self.clock.now())
        answer = present(confirmed)
        row = {"_id": f"{confirmed.username}:{edition}", **asdict(confirmed)}
        saving = Saving(inserts=[(CONFIRMATIONS, row)], cause=current_cause())
        await self._in_profile(saving, edition, newest, by=by)
        if once is not None:
            saving.once = [(once, answer)]
        await self.ledger.save(saving)
        return answer

    async def _in_profile(self, saving: Saving, edition: int, newest: int, *, by: Actor) -> None:
        """A mentor's profile knows it too; whoever has none yet gets it with the profile."""
        try:
            sealed = await self.mentors.load(by.username, by=by)
        except NotFound:
            return
        known = await self.audit.open(by, sealed, purpose=Purpose.OWN_DATA, rule="write-own")
        profile, facts = confirm_handbook(
            known.profile,
            edition,
            newest_edition=newest,
            by=username_of(by),
            now=self.clock.now(),
        )
        if facts:
            document = await self.mentors.document(replace(known, profile=profile), by=by)
            saving.replaces.append((MENTORS, document))
            saving.inserts += mentor_steps(facts)
