"""A matching as somebody sees it: of their own cases only, every case on record."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.matching_cases import MATCHED_PHASES, basis_of
from services.mentoring.use_cases.case_work import username_of
from services.mentoring.use_cases.disclosing import Disclosing
from services.mentoring.use_cases.matching_needs import Needs
from services.mentoring.use_cases.matchings import (
    MatchingHead,
    Matchings,
    Outcome,
    may_match,
    theirs_to_match,
)
from services.mentoring.use_cases.mentors import Mentors
from shared.audit.purposes import Purpose
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound


@dataclass(frozen=True, slots=True, repr=False)
class Decided:
    """What a human decided about a case, and the reason in a code and in words."""

    id: str
    case_id: CaseId
    mentor: str
    reason: str
    as_proposed: bool
    author: str
    at: datetime
    text: str


class Decisions(Protocol):
    """What was decided."""

    async def of_matching(
        self, matching_id: str, case_ids: Sequence[CaseId], *, by: Actor
    ) -> Sealed[list[Decided]]:
        """Oldest first, sealed under the cases."""
        ...


@dataclass(frozen=True, slots=True, repr=False)
class SeenOutcome:
    """An outcome under the case's pseudonym. A stale one can no longer be decided on."""

    outcome: Outcome
    pseudonym: str
    stale: bool
    decided: Decided | None


@dataclass(frozen=True, slots=True, repr=False)
class SeenMatching:
    """A matching, of the cases that somebody may match."""

    head: MatchingHead
    outcomes: Sequence[SeenOutcome]


@dataclass(frozen=True, slots=True)
class ListMatchings:
    """The matchings that you made, and those with cases that you may match now. Newest first.

    No case is named here, nor is anybody told how many of others' there are in one.
    """

    disclosing: Disclosing
    matchings: Matchings

    async def __call__(
        self, *, by: Actor, limit: int, offset: int
    ) -> tuple[Sequence[MatchingHead], int]:
        """A page of them, and how many there are."""
        around = await self.disclosing.cases.around(username_of(by), by=by)
        mine = theirs_to_match(around, by, self.disclosing.clock.now())
        return await self.matchings.some(
            username_of(by), list(mine), by=by, limit=limit, offset=offset
        )


@dataclass(frozen=True, slots=True)
class SeeMatching:
    """A matching: who is proposed and why, and for everybody else why not, in both languages.

    You see those cases in it that you may match; the others are not there, nor counted. Each case
    that is shown leaves an entry in the audit.
    """

    disclosing: Disclosing
    matchings: Matchings
    decisions: Decisions
    needs: Needs
    mentors: Mentors

    async def __call__(self, matching_id: str, *, by: Actor) -> SeenMatching:
        """Raises NotFound when it is not there, or nothing in it is yours to see."""
        asked_at = time.monotonic()
        head = await self.matchings.head(matching_id, by=by)
        around = await self.disclosing.cases.around(username_of(by), by=by)
        mine = theirs_to_match(around, by, self.disclosing.clock.now())
        sealed = Sealed.both(
            await self.matchings.outcomes(matching_id, list(mine), by=by),
            await self.decisions.of_matching(matching_id, list(mine), by=by),
        )
        if not sealed.subjects and head.made_by != by.username:
            raise NotFound
        outcomes, decided = await self.disclosing.audit.open(
            by, sealed, purpose=Purpose.MATCHING, rule="read-matching", reference=head.id
        )
        stale = await self._stale(head, outcomes, mine, by=by)
        shown = {each.case_id for each in outcomes}
        await self.disclosing.ensure_still(
            asked_at, shown, lambda case, now: may_match(case, by, now), by=by
        )
        newest = {each.case_id: each for each in decided}
        return SeenMatching(
            head,
            [
                SeenOutcome(
                    each,
                    mine[each.case_id].pseudonym,
                    each.case_id in stale,
                    newest.get(each.case_id),
                )
                for each in outcomes
            ],
        )

    async def _stale(
        self,
        head: MatchingHead,
        outcomes: Sequence[Outcome],
        cases: Mapping[CaseId, Case],
        *,
        by: Actor,
    ) -> set[CaseId]:
        versions = await self.needs.versions([each.case_id for each in outcomes], by=by)
        mentors = await self.mentors.sequences(list(head.mentors), by=by)
        return {
            each.case_id
            for each in outcomes
            if is_stale(each, cases[each.case_id], versions.get(each.case_id, 0))
            or (each.mentor and mentors.get(each.mentor) != head.mentors.get(each.mentor))
        }


def is_stale(outcome: Outcome, case: Case, needs_version: int) -> bool:
    """Whether the case is another than the matching saw."""
    return case.phase not in MATCHED_PHASES or basis_of(case, needs_version) != outcome.basis


def decided_of(id_: str, facts: Mapping[str, Any], text: str) -> Decided:
    """From what was kept."""
    return Decided(
        id_,
        CaseId(facts["case_id"]),
        facts["mentor"],
        facts["reason"],
        facts["as_proposed"],
        facts["author"],
        facts["at"],
        text,
    )
