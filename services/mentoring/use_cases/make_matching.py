"""Making a matching: load on record, solve in a thread, keep as a proposal for a human."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar, cast

from services.mentoring.domain.case import Case
from services.mentoring.domain.days import day_of
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.matching import Matching, Objective, propose
from services.mentoring.domain.matching_cases import (
    MATCHED_PHASES,
    Offered,
    basis_of,
    round_of,
)
from services.mentoring.domain.matching_rules import NotToBeMatched, TooManyCases
from services.mentoring.use_cases.case_work import username_of
from services.mentoring.use_cases.disclosing import Disclosing
from services.mentoring.use_cases.matching_needs import Needs, RecordedNeeds
from services.mentoring.use_cases.matchings import (
    LeftOut,
    MatchingHead,
    Matchings,
    Outcome,
    theirs_to_match,
)
from services.mentoring.use_cases.mentors import Mentors
from services.mentoring.use_cases.ports import Ledger, Saving
from services.mentoring.use_cases.see_mentors import Standing
from shared.audit.purposes import Purpose
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id
from shared.observability.cause import current_cause

A = TypeVar("A")
MOST_CASES = 500
"""Solved and scored in about a second, while the asker waits."""


@dataclass(frozen=True, slots=True)
class MatchingWanted:
    """Which cases (none named: all yours without a mentor) and which mentors (none named: all)."""

    objective: Objective
    case_ids: Sequence[CaseId] | None = None
    mentors: Sequence[str] | None = None
    keep_existing: bool = True


@dataclass(frozen=True, slots=True)
class MakeMatching:
    """Match your cases in planning and support with mentors, and keep the answer as a proposal.

    Without `case_ids` it is all of yours that have no mentor; a case that has one can be named, and
    keeps it unless something forbids it. At most 500 at a time. Each case that is looked at leaves
    an entry in the audit. Nothing is decided: that is for a human.
    """

    disclosing: Disclosing
    needs: Needs
    mentors: Mentors
    standing: Standing
    matchings: Matchings
    ledger: Ledger

    async def __call__(
        self, wanted: MatchingWanted, *, by: Actor, once: Any, present: Callable[[str], A]
    ) -> A:
        """Raises NotFound, TooManyCases, NotToBeMatched, TooManyAtOnce."""
        kept = await self.ledger.answered(once)
        if kept is not None:
            return cast("A", kept)
        cases = await self._cases(wanted.case_ids, by=by)
        audit = self.disclosing.audit
        needs = await audit.open(
            by,
            await self.needs.of_cases(list(cases), by=by),
            purpose=Purpose.MATCHING,
            rule="make-matching",
        )
        offered = await self._offered(wanted.mentors, list(cases.values()), by=by)
        now = self.disclosing.clock.now()
        asked = round_of(
            [(cases[each], needs[each].needs) for each in cases if each in needs],
            offered,
            on=day_of(now),
            objective=wanted.objective,
            keep_existing=wanted.keep_existing,
        )
        matching = await asyncio.to_thread(propose, asked)
        head = MatchingHead(
            id=new_id(),
            made_by=username_of(by),
            made_at=now,
            objective=wanted.objective.value,
            keep_existing=wanted.keep_existing,
            mentors={each.profile.username: each.profile.sequence for each in offered},
            left_out=_left_out(offered),
        )
        outcomes = _outcomes(cases, needs, matching)
        answer = present(head.id)
        inserts = await self.matchings.documents(head, outcomes, cases, by=by)
        saving = Saving(inserts=inserts, cause=current_cause())
        if once is not None:
            saving.once = [(once, answer)]
        await self.ledger.save(saving)
        return answer

    async def _cases(self, named: Sequence[CaseId] | None, *, by: Actor) -> Mapping[CaseId, Case]:
        around = await self.disclosing.cases.around(username_of(by), by=by)
        mine = theirs_to_match(around, by, self.disclosing.clock.now())
        if named is None:
            chosen = {
                each: case
                for each, case in mine.items()
                if case.phase in MATCHED_PHASES and not case.mentors()
            }
        else:
            chosen = {each: await self._named(each, mine, by=by) for each in sorted(set(named))}
        if len(chosen) > MOST_CASES:
            raise TooManyCases(most=MOST_CASES)
        return chosen

    async def _named(self, case_id: CaseId, mine: Mapping[CaseId, Case], *, by: Actor) -> Case:
        """Refused, and on record, as any other case that is not somebody's to see."""
        case = mine.get(case_id)
        if case is None:
            await self.disclosing.let_in(case_id, "read", "assessment", by=by)
            case = (await self.disclosing.let_in(case_id, "assign", by=by)).case
        if case.phase not in MATCHED_PHASES or len(case.mentors()) > 1:
            raise NotToBeMatched
        return case

    async def _offered(
        self, named: Sequence[str] | None, cases: Sequence[Case], *, by: Actor
    ) -> list[Offered]:
        """Whoever is a mentor of one of the cases takes part, else they could not keep them."""
        if named is not None:
            theirs = {mentor for case in cases for mentor in case.mentors()}
            named = sorted({*named, *theirs})
        sealed = await self.mentors.some(named, by=by)
        known = await self.disclosing.audit.open(
            by, sealed, purpose=Purpose.MATCHING, rule="make-matching"
        )
        return await self.standing.of(known, by=by)


def _left_out(offered: Sequence[Offered]) -> tuple[LeftOut, ...]:
    return tuple(
        LeftOut(each.profile.username, each.obstacles) for each in offered if each.obstacles
    )


def _outcomes(
    cases: Mapping[CaseId, Case], needs: Mapping[CaseId, RecordedNeeds], matching: Matching
) -> list[Outcome]:
    proposed = {each.mentee: asdict(each) for each in matching.proposals}
    unmatched = {each.mentee: asdict(each) for each in matching.unmatched}
    broken = {each.mentee: asdict(each) for each in matching.broken}
    outcomes = []
    for case_id, case in cases.items():
        recorded = needs.get(case_id)
        basis = basis_of(case, recorded.version if recorded else 0)
        if recorded is None:
            outcomes.append(Outcome(case_id, basis, "needs-missing"))
        elif case_id in proposed:
            found = {**proposed[case_id], "broken": broken.get(case_id)}
            outcomes.append(Outcome(case_id, basis, "proposed", found))
        else:
            found = {**unmatched[case_id], "broken": broken.get(case_id)}
            outcomes.append(Outcome(case_id, basis, "unmatched", found))
    return outcomes
