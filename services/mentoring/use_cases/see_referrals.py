"""Referrals, for case leads: what came in, and who it may be the same as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from services.mentoring.domain.access import is_named
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import PersonId, ReferralId
from services.mentoring.domain.referral import Referral, likely_same
from services.mentoring.use_cases.case_work import username_of
from services.mentoring.use_cases.identities import Identities
from services.mentoring.use_cases.referrals import Referrals, ReferralWords, SomeReferrals
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.kernel.actor import Actor


class CasesOfPeople(Protocol):
    """Cases by person."""

    async def of_people(self, person_ids: Sequence[PersonId], *, by: Actor) -> Sequence[Case]:
        """Those of these people."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class ReferralSeen:
    """A referral in clear, with what it may be the same as. A protected case is nobody's hit."""

    referral: Referral
    words: ReferralWords | None
    same_referrals: Sequence[ReferralId]
    same_cases: Sequence[Case]


@dataclass(frozen=True, slots=True)
class ListReferrals:
    """What came in, newest first: kind, state and receipt. Whom it is about is read one by one."""

    referrals: Referrals
    audit: Audit

    async def __call__(
        self, state: str | None, *, by: Actor, limit: int, offset: int
    ) -> SomeReferrals:
        """Each that is shown leaves an entry in the audit before the list is given."""
        sealed = await self.referrals.some(state, by=by, limit=limit, offset=offset)
        return await self.audit.open(by, sealed, purpose=Purpose.INTAKE, rule="intake")


@dataclass(frozen=True, slots=True)
class SeeReferral:
    """One referral: what was said, and which referrals and cases it may be the same as."""

    referrals: Referrals
    identities: Identities
    cases: CasesOfPeople
    audit: Audit

    async def __call__(self, referral_id: ReferralId, *, by: Actor) -> ReferralSeen:
        """Raises NotFound."""
        stored = await self.referrals.load(referral_id, by=by)
        referral = stored.referral
        async with self.audit.reading(
            by,
            subjects=[referral.id],
            fields=["referral"],
            purpose=Purpose.INTAKE,
            rule="intake",
        ) as reading:
            sealed = await self.referrals.words_of(stored, by=by)
            words: ReferralWords | None = None
            if sealed is not None:
                words = await reading.open(sealed)
        others = await self.referrals.sharing(sorted(referral.fingerprints), by=by)
        cases = await self._cases(words, by=by)
        if cases:
            await self.audit.record(
                by,
                subjects=[case.id for case in cases],
                fields=["overview"],
                purpose=Purpose.INTAKE,
                rule="likely-the-same",
                reference=referral.id,
            )
        return ReferralSeen(referral, words, likely_same(referral, others), cases)

    async def _cases(self, words: ReferralWords | None, *, by: Actor) -> Sequence[Case]:
        if words is None:
            return ()
        people = await self.identities.same_as(words.about, by=by)
        found = await self.cases.of_people(people, by=by)
        return [case for case in found if is_named(case, username_of(by))]
