"""Whose case is this? Looked for by one whole thing, found only by who may know already."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass

from services.mentoring.domain.case import Case
from services.mentoring.policy import knows_whose
from services.mentoring.use_cases.disclosing import Disclosing
from services.mentoring.use_cases.identities import Identities, Identity
from services.mentoring.use_cases.see_referrals import CasesOfPeople
from shared.audit.purposes import Purpose
from shared.kernel.actor import Actor
from shared.kernel.refusal import Refusal

NOBODY = "nobody-found"


class OneThingToLookFor(Refusal):
    """A search is for exactly one thing, whole."""

    kind = "one-thing-to-look-for"
    sv = "Sök på ett i taget: personnummer, telefon eller e-post."
    en = "Search for one at a time: personal number, phone or e-mail."


@dataclass(frozen=True, slots=True)
class FindPerson:
    """Your cases of a person, by a whole personal number, phone number or e-mail address.

    Found are cases that you both have in your list and may read the identity of: whoever knows a
    case by its code word pair only shall not learn here whose it is. Anybody else gets the same
    empty list as when nobody is on file, and every search leaves a trace.
    """

    disclosing: Disclosing
    identities: Identities
    cases: CasesOfPeople

    async def __call__(self, wanted: Identity, *, by: Actor) -> Sequence[Case]:
        """Raises AuditUnavailable, or what `Disclosing.ensure_still` does."""
        asked_at = time.monotonic()
        people = await self.identities.same_as(wanted, by=by)
        found = await self.cases.of_people(people, by=by)
        now = self.disclosing.clock.now()
        mine = [case for case in found if knows_whose(case, by, now)]
        hidden = [case for case in found if case not in mine]
        # Both at once, so that the time tells nothing of cases that are not shown.
        await asyncio.gather(
            self._record(mine, by, allowed=True), self._record(hidden, by, allowed=False)
        )
        await self.disclosing.ensure_still(
            asked_at,
            [case.id for case in mine],
            lambda case, now: knows_whose(case, by, now),
            by=by,
        )
        return mine

    async def _record(self, cases: Sequence[Case], by: Actor, *, allowed: bool) -> None:
        await self.disclosing.audit.record(
            by,
            subjects=[case.id for case in cases] or [NOBODY],
            fields=["identity"],
            purpose=Purpose.CONTACT,
            rule="find-person",
            allowed=allowed,
        )
