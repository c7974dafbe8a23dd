"""Closing: one proposes, another decides; never without aftercare and a day to look back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from services.mentoring.domain import closing
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId, Username
from services.mentoring.domain.sharing import end_shares
from services.mentoring.domain.statistics import UNKNOWN
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.disclosing import LetIn
from services.mentoring.use_cases.records import Writing, of_person
from services.mentoring.use_cases.share_by_consent import SHARES, Consents
from services.mentoring.use_cases.tally import tally
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id

A = TypeVar("A")
Present = Callable[[Case], A]


@dataclass(frozen=True, slots=True, repr=False)
class ClosureWanted:
    """What is proposed, and in words why."""

    outcome: str
    text: str
    review_on: date
    until: date
    aftercare_lead: Username
    aftercare_circle: frozenset[Username]


@dataclass(frozen=True, slots=True)
class ProposeClosure:
    """Propose to close the case into aftercare; a second person decides."""

    work: CaseWork
    words: Writing

    async def __call__(
        self,
        case_id: CaseId,
        wanted: ClosureWanted,
        *,
        seen: int,
        by: Actor,
        once: Any,
        present: Present[A],
    ) -> A:
        """Raises what `CaseWork.change` and `closing.propose_closure` do."""

        async def decide(at: LetIn) -> Change:
            change = Change.of(
                closing.propose_closure(
                    at.case,
                    outcome=wanted.outcome,
                    review_on=wanted.review_on,
                    until=wanted.until,
                    aftercare_lead=wanted.aftercare_lead,
                    aftercare_circle=wanted.aftercare_circle,
                    **at.given(),
                )
            )
            facts = {"author": at.username, "at": at.now, "outcome": wanted.outcome}
            document = await self.words.sealed(
                new_id(), of_person(at.case), facts, {"text": wanted.text}
            )
            change.inserts.append((self.words.name, document))
            return change

        return await self.work.change(
            case_id, "propose-closure", decide, seen=seen, by=by, once=once, present=present
        )


@dataclass(frozen=True, slots=True)
class ApproveClosure:
    """The second person says yes: aftercare begins, and everybody not named for it is out.

    What was shared with others ends in the same breath.
    """

    work: CaseWork
    consents: Consents

    async def __call__(
        self, case_id: CaseId, *, seen: int, by: Actor, once: Any, present: Present[A]
    ) -> A:
        """Raises what `CaseWork.change` and `closing.approve_closure` do."""
        return await self.work.change(
            case_id,
            "approve-closure",
            self._approved,
            seen=seen,
            by=by,
            once=once,
            present=present,
        )

    async def _approved(self, at: LetIn) -> Change:
        case, facts = closing.approve_closure(at.case, **at.given())
        live = await self.consents.open_shares(case.id, by=at.by)
        case, ended, told = end_shares(case, live, "closed", **at.given())
        change = Change(case, (*facts, *told))
        for document in await self.consents.ending(ended, by=at.by):
            change.replaces.append((SHARES, document))
        outcome = case.aftercare.outcome if case.aftercare else UNKNOWN
        change.inserts.append(tally("case-closed", {"outcome": outcome}, now=at.now))
        return change


@dataclass(frozen=True, slots=True)
class RefuseClosure:
    """The second person says no, with a reason: the case goes back to where it came from."""

    work: CaseWork

    async def __call__(
        self, case_id: CaseId, reason: str, *, seen: int, by: Actor, once: Any, present: Present[A]
    ) -> A:
        """Raises what `CaseWork.change` and `closing.refuse_closure` do."""
        return await self.work.change(
            case_id,
            "approve-closure",
            lambda at: Change.of(closing.refuse_closure(at.case, reason, **at.given())),
            seen=seen,
            by=by,
            once=once,
            present=present,
        )


@dataclass(frozen=True, slots=True)
class WithdrawClosure:
    """Whoever proposed takes it back."""

    work: CaseWork

    async def __call__(
        self, case_id: CaseId, *, seen: int, by: Actor, once: Any, present: Present[A]
    ) -> A:
        """Raises what `CaseWork.change` and `closing.withdraw_closure` do."""
        return await self.work.change(
            case_id,
            "propose-closure",
            lambda at: Change.of(closing.withdraw_closure(at.case, **at.given())),
            seen=seen,
            by=by,
            once=once,
            present=present,
        )
