"""A matching as use cases see it: a head in codes, and for each case an outcome under its key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from services.mentoring.domain.access import Granted
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.matching_cases import Basis
from services.mentoring.policy import sees
from services.mentoring.use_cases.ports import Document
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor

MATCHINGS, OUTCOMES, DECISIONS = "matchings", "matching_outcomes", "matching_decisions"
OutcomeKind = Literal["proposed", "unmatched", "needs-missing"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A mentor who got nobody new, and why, in codes."""

    mentor: str
    obstacles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatchingHead:
    """What was asked, by whom, and which mentors took part as they were then. No case is here."""

    id: str
    made_by: str
    made_at: datetime
    objective: str
    keep_existing: bool
    mentors: Mapping[str, int]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Outcome:
    """What was found for one case. `found` is the proposal or the why-not, as data."""

    case_id: CaseId
    basis: Basis
    kind: OutcomeKind
    found: Mapping[str, Any] = field(default_factory=dict)

    @property
    def mentor(self) -> str | None:
        """Whom the matching proposes."""
        return self.found["mentor"] if self.kind == "proposed" else None


class Matchings(Protocol):
    """The collections of matchings and their outcomes. They are deleted after thirty days."""

    async def head(self, matching_id: str, *, by: Actor) -> MatchingHead:
        """Raises NotFound."""
        ...

    async def some(
        self, made_by: str, case_ids: Sequence[CaseId], *, by: Actor, limit: int, offset: int
    ) -> tuple[Sequence[MatchingHead], int]:
        """Those that somebody made, or that one of the cases was in: a page, newest first."""
        ...

    async def outcomes(
        self, matching_id: str, case_ids: Sequence[CaseId], *, by: Actor
    ) -> Sealed[list[Outcome]]:
        """For those of the cases that were in it, sealed under them, in the cases' order."""
        ...

    async def documents(
        self,
        head: MatchingHead,
        outcomes: Sequence[Outcome],
        cases: Mapping[CaseId, Case],
        *,
        by: Actor,
    ) -> list[tuple[str, Document]]:
        """What to insert."""
        ...


def may_match(case: Case, by: Actor, now: datetime) -> bool:
    """Whether somebody may see what matching sees of a case, and choose its mentor."""
    wanted = (sees(case, by, now, "assign"), sees(case, by, now, "read", "assessment"))
    return all(isinstance(each, Granted) for each in wanted)


def theirs_to_match(cases: Iterable[Case], by: Actor, now: datetime) -> dict[CaseId, Case]:
    """Those of the cases that somebody may match, by id, in order of id."""
    mine = {case.id: case for case in cases if may_match(case, by, now)}
    return dict(sorted(mine.items()))
