"""Who has read a case, or was refused: for whoever answers for it, and for whom it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from services.mentoring.domain.ids import CaseId
from services.mentoring.use_cases.disclosing import Disclosing
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor


class CameOf(Protocol):
    """Which referrals a case came of."""

    async def of_case(self, case_id: str, /, *, by: Actor) -> Sequence[str]:
        """Their ids."""
        ...


class Names(Protocol):
    """What readers are called."""

    async def of(self, actors: Sequence[str]) -> Mapping[str, str]:
        """Actors of entries → usernames."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class SomeReadings:
    """A page of entries, newest first, as they are stored; who read; about which ids; how many."""

    entries: Sequence[Mapping[str, Any]]
    names: Mapping[str, str]
    ids: Sequence[str]
    total: int


@dataclass(frozen=True, slots=True)
class SeeReaders:
    """Every reading of the case and every refused one, newest first, with who it was and why.

    What was read of the referral that it came of belongs to it. To look here is a reading too.
    """

    disclosing: Disclosing
    referrals: CameOf
    names: Names

    async def __call__(
        self, case_id: CaseId, *, by: Actor, limit: int, offset: int
    ) -> SomeReadings:
        """Raises NotFound for a stranger, as for a case that does not exist."""
        async with self.disclosing.reading(case_id, "access-log", by=by) as (_, reading):
            ids = [case_id, *await self.referrals.of_case(case_id, by=by)]
            rows, total = await self.disclosing.audit.about(ids, limit=limit, offset=offset)
            known = await self.names.of([str(each.get("actor")) for each in rows])
            some = SomeReadings(rows, known, ids, total)
            return await reading.open(Sealed(some, subjects=[case_id], fields=["access-log"]))
