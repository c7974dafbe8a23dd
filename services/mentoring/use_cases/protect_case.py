"""Protected identity, and what the law needs kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from services.mentoring.domain import protecting, retention
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId, Username
from services.mentoring.domain.sharing import end_shares
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.disclosing import LetIn
from services.mentoring.use_cases.share_by_consent import SHARES, Consents
from shared.kernel.actor import Actor

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Protect:
    """From now on the case exists for the named staff alone; others leave its circle.

    What was shared with others ends, and does not begin again when the protection is lifted.
    """

    work: CaseWork
    consents: Consents

    async def __call__(
        self,
        case_id: CaseId,
        named: frozenset[Username],
        *,
        seen: int,
        by: Actor,
        present: Callable[[Case], A],
    ) -> A:
        """Raises what `CaseWork.change` and `protecting.protect` do."""

        async def decide(at: LetIn) -> Change:
            case, facts = protecting.protect(at.case, named, **at.given())
            live = await self.consents.open_shares(case.id, by=by)
            case, ended, told = end_shares(case, live, "protected", **at.given())
            change = Change(case, (*facts, *told))
            for document in await self.consents.ending(ended, by=by):
                change.replaces.append((SHARES, document))
            return change

        return await self.work.change(case_id, "protect", decide, seen=seen, by=by, present=present)


@dataclass(frozen=True, slots=True)
class LiftProtection:
    """The identity is protected no longer, with a reason."""

    work: CaseWork

    async def __call__(
        self, case_id: CaseId, reason: str, *, seen: int, by: Actor, present: Callable[[Case], A]
    ) -> A:
        """Raises what `CaseWork.change` and `protecting.lift_protection` do."""
        return await self.work.change(
            case_id,
            "protect",
            lambda at: Change.of(protecting.lift_protection(at.case, reason, **at.given())),
            seen=seen,
            by=by,
            present=present,
        )


@dataclass(frozen=True, slots=True)
class Hold:
    """The law needs the case kept, with a reason; without one the hold is lifted."""

    work: CaseWork

    async def __call__(
        self,
        case_id: CaseId,
        reason: str | None,
        *,
        seen: int,
        by: Actor,
        present: Callable[[Case], A],
    ) -> A:
        """Raises what `CaseWork.change`, `retention.hold` and `retention.lift_hold` do."""

        def decide(at: LetIn) -> Change:
            if reason is None:
                return Change.of(retention.lift_hold(at.case, **at.given()))
            return Change.of(retention.hold(at.case, reason, **at.given()))

        return await self.work.change(case_id, "hold", decide, seen=seen, by=by, present=present)
