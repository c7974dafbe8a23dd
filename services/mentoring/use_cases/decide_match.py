"""A human decides who becomes whose mentor, and why. No reason outweighs a hard constraint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from services.mentoring.domain import circle
from services.mentoring.domain.access import Refused
from services.mentoring.domain.case import Case, Told
from services.mentoring.domain.ids import CaseId, Username
from services.mentoring.domain.matching_cases import (
    DECISION_REASONS,
)
from services.mentoring.domain.matching_rules import (
    NotAsProposed,
    NotToBeMatched,
    StaleProposal,
)
from services.mentoring.domain.record_rules import TextMissing, UnknownCode
from services.mentoring.domain.rights import FieldGroup
from services.mentoring.policy import sees
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.disclosing import LetIn
from services.mentoring.use_cases.matching_needs import Needs, RecordedNeeds
from services.mentoring.use_cases.matchings import DECISIONS, MatchingHead, Matchings, Outcome
from services.mentoring.use_cases.mentors import KnownMentor, Mentors
from services.mentoring.use_cases.pairing import Pairing
from services.mentoring.use_cases.ports import Document
from services.mentoring.use_cases.records import Whose, of_person
from services.mentoring.use_cases.see_matching import is_stale
from shared.audit.purposes import Purpose
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound

A = TypeVar("A")
AS_PROPOSED = "as-proposed"


@dataclass(frozen=True, slots=True, repr=False)
class DecisionWanted:
    """Who shall be the mentor, why, and what they shall see (the plan only, unless said)."""

    case_id: CaseId
    mentor: Username
    reason: str
    text: str = ""
    sees: frozenset[FieldGroup] | None = None


class DecisionRecords(Protocol):
    """Where decisions are kept."""

    async def document(
        self,
        decision_id: str,
        whose: Whose,
        facts: Mapping[str, Any],
        text: str,
        *,
        by: Actor,
    ) -> Document:
        """What to insert."""
        ...


@dataclass(frozen=True, slots=True)
class DecideMatch:
    """Decide who becomes the mentor in a case of a matching, as proposed or otherwise.

    The reason is a code, and words for anything but `as-proposed`. Hard constraints are asked again
    as things are now and are never overruled. A mentor of before gives place (as a hand-over), and
    the new one sees the plan only unless more is chosen. Changed since the matching: refused.
    """

    work: CaseWork
    matchings: Matchings
    decisions: DecisionRecords
    needs: Needs
    mentors: Mentors
    pairing: Pairing

    async def __call__(
        self,
        matching_id: str,
        wanted: DecisionWanted,
        *,
        by: Actor,
        once: Any,
        present: Callable[[Case, str], A],
    ) -> A:
        """Raises what `CaseWork.change` does, StaleProposal, PairForbidden, NotAsProposed."""
        if wanted.reason not in DECISION_REASONS:
            raise UnknownCode
        if wanted.reason != AS_PROPOSED and not wanted.text.strip():
            raise TextMissing
        decision_id = new_id()

        async def decide(at: LetIn) -> Change:
            head = await self.matchings.head(matching_id, by=by)
            outcome, recorded = await self._looked_at(head, at)
            mentor = await self._mentor(head, wanted.mentor, at)
            if recorded is None or is_stale(outcome, at.case, recorded.version):
                raise StaleProposal
            if wanted.reason == AS_PROPOSED and outcome.mentor != wanted.mentor:
                raise NotAsProposed
            await self.pairing.ensure(at, recorded, mentor)
            change = await self.pairing.holding(Change.of(_joining(at, wanted)), at, mentor)
            document = await self._kept(decision_id, head, outcome, wanted, at)
            change.inserts.append((DECISIONS, document))
            return change

        return await self.work.change(
            wanted.case_id,
            "assign",
            decide,
            by=by,
            once=once,
            present=lambda case: present(case, decision_id),
        )

    async def _looked_at(
        self, head: MatchingHead, at: LetIn
    ) -> tuple[Outcome, RecordedNeeds | None]:
        """What was found for the case, and what is recorded of it now. Raises NotFound."""
        allowed = sees(at.case, at.by, at.now, "read", "assessment")
        if isinstance(allowed, Refused):
            raise allowed.rule()
        ids = [at.case.id]
        sealed = Sealed.both(
            await self.matchings.outcomes(head.id, ids, by=at.by),
            await self.needs.of_cases(ids, by=at.by),
        )
        outcomes, needs = await self.work.disclosing.audit.open(
            at.by, sealed, purpose=Purpose.MATCHING, rule="decide-match", reference=head.id
        )
        if not outcomes:
            raise NotFound
        return outcomes[0], needs.get(at.case.id)

    async def _mentor(self, head: MatchingHead, username: Username, at: LetIn) -> KnownMentor:
        sealed = await self.mentors.load(username, by=at.by)
        mentor = await self.work.disclosing.audit.open(
            at.by, sealed, purpose=Purpose.MATCHING, rule="decide-match", reference=head.id
        )
        if head.mentors.get(username, mentor.profile.sequence) != mentor.profile.sequence:
            raise StaleProposal
        return mentor

    async def _kept(
        self,
        decision_id: str,
        head: MatchingHead,
        outcome: Outcome,
        wanted: DecisionWanted,
        at: LetIn,
    ) -> Document:
        facts = {
            "author": at.username,
            "at": at.now,
            "matching_id": head.id,
            "mentor": wanted.mentor,
            "reason": wanted.reason,
            "as_proposed": outcome.mentor == wanted.mentor,
        }
        return await self.decisions.document(
            decision_id, of_person(at.case), facts, wanted.text, by=at.by
        )


def _joining(at: LetIn, wanted: DecisionWanted) -> Told:
    """In the circle from now on; whoever had the place leaves it. Who has it already keeps it."""
    case, mentors = at.case, at.case.mentors()
    if wanted.mentor in mentors:
        return case, ()
    if len(mentors) > 1:
        raise NotToBeMatched
    if not mentors:
        return circle.assign(case, wanted.mentor, "mentor", sees=wanted.sees, **at.given())
    allowed = sees(case, at.by, at.now, "hand-over")
    if isinstance(allowed, Refused):
        raise allowed.rule()
    return circle.hand_over(case, mentors[0], wanted.mentor, sees=wanted.sees, **at.given())
