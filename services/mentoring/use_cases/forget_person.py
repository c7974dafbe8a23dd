"""Forgetting (DESIGN §6.7): rows deleted, keys destroyed, others told, a certificate kept.

First the transaction that removes every row and leaves the bare case, then the keys and the
identity. What a crash leaves between the two the clockwork finishes within seconds.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast

from services.mentoring.domain.access import is_named
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CLOCKWORK, CaseId, PersonId, Username
from services.mentoring.domain.retention import (
    KEPT_DAYS,
    erase,
    erase_at_own_request,
    is_due,
)
from services.mentoring.policy import PERMISSIONS
from services.mentoring.use_cases.disclosing import Disclosing
from services.mentoring.use_cases.forgettings import Alike, Forgetting, Forgettings, How
from services.mentoring.use_cases.meeting_records import Meetings
from services.mentoring.use_cases.ports import Ledger
from services.mentoring.use_cases.referrals import REFERRALS
from shared.audit.purposes import Purpose
from shared.contracts.cards import MentoringPersonForgotten
from shared.contracts.event import News
from shared.kernel.actor import Actor, housekeeping
from shared.kernel.ids import RecipientId, new_id
from shared.kernel.refusal import ChangedElsewhere, VersionConflict

A = TypeVar("A")
_BY = housekeeping("forget-person")
_AFTER_ANY_CARD = 2**31
"""The sequence of the last event about a recipient: higher than any revision of a card."""


class InPhases(Protocol):
    """Cases, for the clockwork."""

    def in_phases(self, phases: frozenset[str], *, by: Actor) -> AsyncIterator[Case]:
        """All of them, one after the other."""
        ...


@dataclass(frozen=True, slots=True)
class ForgetPerson:
    """Forget a person for good. Without `commit` only what would be destroyed is counted.

    Afterwards nothing of the person is readable anywhere, in no process and no backup that is put
    back; a legal hold refuses. What still ages out is listed with its day. Declined referrals that
    may be about the same person are forgotten too; undecided ones and other cases are counted.
    """

    disclosing: Disclosing
    forgettings: Forgettings
    ledger: Ledger
    meetings: Meetings
    give_back: Callable[[str], News]

    async def look(self, case_id: CaseId, *, by: Actor) -> tuple[Case, Forgetting]:
        """What would be destroyed. Raises NotFound, OnLegalHold, NotInThisPhase."""
        inside = await self.disclosing.to_change(case_id, "forget", by=by)
        case, now = inside.case, inside.now
        erase_at_own_request(case, **inside.given())
        begun = await self._begun(case, "own-request", inside.username, now, by=by)
        return case, begun

    async def __call__(
        self,
        case_id: CaseId,
        *,
        seen: int,
        by: Actor,
        once: Any,
        present: Callable[[Forgetting], A],
    ) -> A:
        """Raises NotFound, OnLegalHold, NotInThisPhase, ChangedElsewhere.

        Nobody reaches a case that is forgotten: the answer to a copy is the certificate's, for
        whoever may still read that. Others are refused below.
        """
        kept = await self.ledger.answered(once)
        if kept is not None and by.has(*PERMISSIONS["forgettings.read"]):
            await self.disclosing.audit.record(
                by,
                subjects=[case_id],
                fields=["overview"],
                purpose=Purpose.ERASURE,
                rule="certificate",
            )
            return cast("A", kept)
        inside = await self.disclosing.to_change(case_id, "forget", by=by)
        if inside.case.version != seen:
            raise ChangedElsewhere
        after, _ = erase_at_own_request(inside.case, **inside.given())
        begun = await self._begun(inside.case, "own-request", inside.username, inside.now, by=by)
        try:
            return await self._forget(inside.case, after, begun, by=by, once=once, present=present)
        except VersionConflict as error:
            kept = await self.ledger.answered(once)
            if kept is not None:
                return cast("A", kept)
            raise ChangedElsewhere from error

    async def by_the_clock(self, case: Case) -> bool:
        """When what is kept of a case has been kept long enough; whether it was."""
        now = self.disclosing.clock.now()
        if not is_due(case, now):
            return False
        after, _ = erase(case, by=CLOCKWORK, now=now)
        begun = await self._begun(case, "clock", CLOCKWORK, now, by=_BY)
        try:
            return await self._forget(case, after, begun, by=_BY, once=None, present=lambda _: True)
        except VersionConflict:
            return False

    async def _begun(
        self, case: Case, how: How, who: Username, now: datetime, *, by: Actor
    ) -> Forgetting:
        held, alike = await self.forgettings.held(case, by=by), Alike()
        if how == "own-request":
            alike = await self.forgettings.alike(held.people, by=by)
        removed = dict(held.rows)
        if alike.declined:
            removed[REFERRALS] = removed.get(REFERRALS, 0) + len(alike.declined)
        people = [*held.people, *alike.declined]
        return Forgetting(
            id=new_id(),
            case_id=case.id,
            how=how,
            at=now,
            by=who,
            removed=removed,
            people=people,
            keys=len(people),
            recipient_id=case.recipient_id,
            told_about=held.told_about,
            alike=_told_of(alike, who),
        )

    async def _forget(
        self,
        case: Case,
        after: Case,
        begun: Forgetting,
        *,
        by: Actor,
        once: Any,
        present: Callable[[Forgetting], A],
    ) -> A:
        data = MentoringPersonForgotten(recipient_id=case.recipient_id)
        told = News(data, subject=case.recipient_id, sequence=_AFTER_ANY_CARD, fresh_trace=True)
        rooms = await self.meetings.rooms_of(case.id, by=by)
        news = [told, *map(self.give_back, rooms)]
        answer = await self.forgettings.erase(
            case, _nobodys(after), begun, news, answer=present, once=once, by=by
        )
        await self.forgettings.blind(await self.forgettings.one(begun.id, by=by), by=by)
        return answer


@dataclass(frozen=True, slots=True)
class FinishForgetting:
    """Destroy the keys that a crash left: within seconds, as the rows are gone already."""

    forgettings: Forgettings

    async def __call__(self) -> bool:
        """Whether it found anything to do."""
        unfinished = await self.forgettings.unfinished(by=_BY)
        for one in unfinished:
            await self.forgettings.blind(one, by=_BY)
        return bool(unfinished)


@dataclass(frozen=True, slots=True)
class ForgetInTime:
    """The retention clock: forget what has been kept long enough, unless it is held."""

    forget: ForgetPerson
    cases: InPhases

    async def __call__(self) -> bool:
        """Whether it found anything to do."""
        found = False
        async for case in self.cases.in_phases(frozenset(KEPT_DAYS), by=_BY):
            found |= await self.forget.by_the_clock(case)
        return found


def _told_of(alike: Alike, who: Username) -> Mapping[str, int]:
    """Numbers alone; a protected case is counted for whoever is named."""
    cases = [each for each in alike.cases if is_named(each, who)]
    counted = {"referrals": alike.undecided, "cases": len(cases)}
    return {name: count for name, count in counted.items() if count}


def _nobodys(case: Case) -> Case:
    """Id, phase and dates; the code word pair is free again, and nothing leads to a person."""
    return replace(case, pseudonym=case.id, person_id=PersonId(""), recipient_id=RecipientId(""))
