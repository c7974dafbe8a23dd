"""What matching sees of a case: recorded by whoever assesses, sealed under the person's key."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.matching_needs import MatchingNeeds, record_needs
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.disclosing import Disclosing, LetIn
from services.mentoring.use_cases.ports import Document
from services.mentoring.use_cases.records import Whose, of_person
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound

A = TypeVar("A")
NEEDS = "matching_needs"


@dataclass(frozen=True, slots=True, repr=False)
class RecordedNeeds:
    """The needs as they are, and who recorded them when; `version` counts the recordings."""

    needs: MatchingNeeds
    author: str
    at: datetime
    version: int


class Needs(Protocol):
    """One versioned document per case."""

    async def of_cases(
        self, case_ids: Sequence[CaseId], *, by: Actor
    ) -> Sealed[Mapping[CaseId, RecordedNeeds]]:
        """Of those of them that have any, sealed under these cases."""
        ...

    async def versions(self, case_ids: Sequence[CaseId], *, by: Actor) -> Mapping[CaseId, int]:
        """How many times each was recorded; whoever is not there has none."""
        ...

    async def document(self, recorded: RecordedNeeds, whose: Whose, *, by: Actor) -> Document:
        """What to store."""
        ...


@dataclass(frozen=True, slots=True)
class RecordNeeds:
    """Record what matching is to see of the case: whole, every time. It belongs to `assessment`.

    Codes only: languages, wishes, whom and where they must not meet, required trainings, safety
    flags, times of the week. A new recording makes proposals of before stale.
    """

    work: CaseWork
    needs: Needs

    async def __call__(
        self,
        case_id: CaseId,
        wanted: MatchingNeeds,
        *,
        seen: int,
        by: Actor,
        present: Callable[[Case], A],
    ) -> A:
        """Raises what `CaseWork.change` and `matching_needs.record_needs` do."""

        async def decide(at: LetIn) -> Change:
            change = Change.of(record_needs(at.case, wanted, **at.given()))
            before = await self.needs.versions([case_id], by=by)
            recorded = RecordedNeeds(wanted, at.username, at.now, before.get(case_id, 0) + 1)
            document = await self.needs.document(recorded, of_person(at.case), by=by)
            change.replaces.append((NEEDS, document))
            return change

        return await self.work.change(
            case_id, "write", decide, group="assessment", seen=seen, by=by, present=present
        )


@dataclass(frozen=True, slots=True)
class ReadNeeds:
    """What matching sees of the case."""

    disclosing: Disclosing
    needs: Needs

    async def __call__(self, case_id: CaseId, *, by: Actor) -> tuple[RecordedNeeds, int]:
        """With the version of the case. Raises NotFound when nothing is recorded."""
        async with self.disclosing.reading(case_id, "assessment", by=by) as (inside, reading):
            found = await reading.open(await self.needs.of_cases([case_id], by=by))
        if case_id not in found:
            raise NotFound
        return found[case_id], inside.case.version
