"""What a crash between the two databases left: without a case, half changed, a card not told."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import PersonId
from services.mentoring.use_cases.contact_cards import ContactCards
from services.mentoring.use_cases.identities import Identities, Unfinished
from services.mentoring.use_cases.ports import Ledger, Saving
from services.mentoring.use_cases.see_referrals import CasesOfPeople
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.kernel.actor import Actor, housekeeping
from shared.kernel.clock import real_now
from shared.kernel.refusal import VersionConflict

_BY = housekeeping("finish-identities")
ORPHAN_AFTER = timedelta(hours=1)
"""An identity whose case has not come about by then never will: a request lasts seconds."""
OWED_AFTER = timedelta(minutes=1)


class IdentitiesToFinish(Identities, Unfinished, Protocol):
    """Both ports, by one store."""


class Referred(Protocol):
    """Whether words of a referral stand under a person's key."""

    async def about(self, person_id: PersonId, *, by: Actor) -> bool:
        """Whether there is a referral about this person."""
        ...


class Forgets(Protocol):
    """The vault's way of deleting a key for good."""

    async def forget(self, person_id: str) -> None:
        """Leave a tombstone, delete the key."""
        ...


@dataclass(frozen=True, slots=True)
class FinishIdentities:
    """Remove identities whose case never came about, end changes, tell the cards that are owed."""

    identities: IdentitiesToFinish
    cases: CasesOfPeople
    referrals: Referred
    people: Forgets
    cards: ContactCards
    ledger: Ledger
    audit: Audit

    async def __call__(self) -> bool:
        """Whether it found anything to do."""
        now = real_now()
        unsettled = await self.identities.unsettled(now - ORPHAN_AFTER, by=_BY)
        for person_id in unsettled:
            await self._settle(person_id)
        half = await self.identities.half_changed(now - OWED_AFTER, by=_BY)
        for person_id, change_id in half:
            await self._end(person_id, change_id)
        owing = await self.identities.owing_a_card(now - OWED_AFTER, by=_BY)
        for person_id in owing:
            await self._tell(person_id)
        return bool(unsettled or half or owing)

    async def _settle(self, person_id: PersonId) -> None:
        if await self.cases.of_people([person_id], by=_BY):
            await self.identities.settle(person_id, by=_BY)
            return
        # A referral that still waits to be decided lies under the same key.
        if not await self.referrals.about(person_id, by=_BY):
            await self.people.forget(person_id)
        await self.identities.remove(person_id, by=_BY)

    async def _end(self, person_id: PersonId, change_id: str) -> None:
        """The case says whether the change was decided: it was saved with it, or not at all."""
        cases = await self.cases.of_people([person_id], by=_BY)
        if not any(case.identity_change == change_id for case in cases):
            await self.identities.drop(person_id, change_id, by=_BY)
            return
        with suppress(VersionConflict):
            await self.identities.take_over(person_id, change_id, by=_BY)

    async def _tell(self, person_id: PersonId) -> None:
        case = _the_one(await self.cases.of_people([person_id], by=_BY))
        if case is None:
            await self.identities.remove(person_id, by=_BY)
            return
        sealed = await self.identities.read(person_id, of_case=case.id, by=_BY)
        if sealed is None:
            return
        kept = await self.audit.open(_BY, sealed, purpose=Purpose.CONTACT, rule="card-owed")
        if not case.protected and case.phase != "erased":
            card = await self.cards.card(kept.identity, case.recipient_id, kept.version)
            try:
                await self.ledger.save(Saving(told=[card]))
            except VersionConflict:
                return
        await self.identities.card_told(person_id, kept.version, by=_BY)


def _the_one(cases: Sequence[Case]) -> Case | None:
    return cases[0] if cases else None
