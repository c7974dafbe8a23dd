"""Referrals, for case leads: what came in, and who it may be the same as."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from services.mentoring.domain.access import Granted, is_named
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId, PersonId, ReferralId, Username
from services.mentoring.domain.referral import Referral, likely_same
from services.mentoring.policy import knows_whose, sees
from services.mentoring.use_cases.case_work import username_of
from services.mentoring.use_cases.disclosing import FRESH, Disclosing
from services.mentoring.use_cases.identities import Identities
from services.mentoring.use_cases.referrals import Referrals, ReferralWords, SomeReferrals
from shared.audit.purposes import Purpose
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor


class CasesOfPeople(Protocol):
    """Cases by person."""

    async def of_people(self, person_ids: Sequence[PersonId], *, by: Actor) -> Sequence[Case]:
        """Those of these people."""
        ...


@dataclass(frozen=True, slots=True)
class Likely:
    """A case of who may be the same. `case` is None for whom it is not: they ask its lead."""

    lead: Username | None
    case: Case | None


@dataclass(frozen=True, slots=True, repr=False)
class ReferralSeen:
    """A referral in clear, with what it may be the same as. A protected case is nobody's hit."""

    referral: Referral
    words: ReferralWords | None
    same_referrals: Sequence[ReferralId]
    same_cases: Sequence[Likely]


@dataclass(frozen=True, slots=True)
class ListReferrals:
    """What came in: kind, state and receipt. Whom it is about is read one by one.

    Which case it led to is told to whoever has that case in their own list.
    """

    referrals: Referrals
    disclosing: Disclosing

    async def __call__(
        self,
        state: str | None,
        *,
        by: Actor,
        limit: int,
        offset: int,
        newest_first: bool = True,
    ) -> SomeReferrals:
        """Each that is shown leaves an entry in the audit before the list is given."""
        sealed = await self.referrals.some(
            state, by=by, limit=limit, offset=offset, newest_first=newest_first
        )
        audit = self.disclosing.audit
        some = await audit.open(by, sealed, purpose=Purpose.INTAKE, rule="intake")
        mine = await self._mine(some.items, by=by)
        items = [
            each if each.case_id in mine else replace(each, case_id=None) for each in some.items
        ]
        cases = Sealed(SomeReferrals(items, some.total), subjects=sorted(mine), fields=["overview"])
        return await audit.open(by, cases, purpose=Purpose.INTAKE, rule="led-to")

    async def _mine(self, referrals: Sequence[Referral], *, by: Actor) -> frozenset[CaseId]:
        led_to = [each.case_id for each in referrals if each.case_id is not None]
        now = self.disclosing.clock.now()
        return frozenset(
            case.id
            for case in await self.disclosing.cases.some(led_to, by=by)
            if isinstance(sees(case, by, now, "list"), Granted)
        )


@dataclass(frozen=True, slots=True)
class SeeReferral:
    """One referral: what was said, and which referrals and cases it may be the same as.

    Of a case that is not yours you are told whom to ask, and neither its code words nor its phase.
    Once it belongs to a case, what was said is the case's: only who may read it there reads it.
    """

    referrals: Referrals
    identities: Identities
    cases: CasesOfPeople
    disclosing: Disclosing

    async def __call__(self, referral_id: ReferralId, *, by: Actor) -> ReferralSeen:
        """Raises NotFound, also for what belongs to a case that the actor is a stranger to."""
        asked_at = time.monotonic()
        stored = await self.referrals.load(referral_id, by=by)
        referral = stored.referral
        case_id, purpose, glass = referral.case_id, Purpose.INTAKE, None
        if case_id is not None:
            inside = await self.disclosing.let_in(case_id, "read", "referral", by=by)
            # It names whom it is about, and so tells whose case this is.
            await self.disclosing.ask_for_proof(case_id, "read", "identity", by=by)
            purpose, glass = inside.purpose("referral"), inside.reference
        async with self.disclosing.audit.reading(
            by,
            subjects=[referral.id, *([case_id] if case_id else [])],
            fields=["referral"],
            purpose=purpose,
            rule="intake",
            reference=glass,
        ) as reading:
            sealed = await self.referrals.words_of(stored, by=by)
            words: ReferralWords | None = None
            if sealed is not None:
                words = await reading.open(sealed)
        others = await self._others(referral, by=by)
        same, cases = likely_same(referral, others), await self._cases(words, by=by)
        now = self.disclosing.clock.now()
        shown = [Likely(each.lead, each if knows_whose(each, by, now) else None) for each in cases]
        seen = ReferralSeen(referral, words, same, shown)
        opened = await self.disclosing.audit.open(
            by,
            Sealed(seen, subjects=[*same, *(case.id for case in cases)], fields=["overview"]),
            purpose=Purpose.INTAKE,
            rule="likely-the-same",
            reference=referral.id,
        )
        if case_id is not None and time.monotonic() - asked_at > FRESH:
            await self.disclosing.let_in(case_id, "read", "referral", by=by)
        return opened

    async def _others(self, referral: Referral, *, by: Actor) -> Sequence[Referral]:
        """Those that share a mark with it; one that led to a protected case is nobody's hit."""
        found = await self.referrals.sharing(sorted(referral.fingerprints), by=by)
        led_to = [each.case_id for each in found if each.case_id is not None]
        cases = await self.disclosing.cases.some(led_to, by=by)
        hidden = {case.id for case in cases if not is_named(case, username_of(by))}
        return [each for each in found if each.case_id not in hidden]

    async def _cases(self, words: ReferralWords | None, *, by: Actor) -> Sequence[Case]:
        if words is None:
            return ()
        people = await self.identities.same_as(words.about, by=by)
        found = await self.cases.of_people(people, by=by)
        return [case for case in found if is_named(case, username_of(by))]
