"""Protected identity, and what the law needs kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from services.mentoring.domain import protecting, retention
from services.mentoring.domain.case import Case, LegalHold
from services.mentoring.domain.ids import CaseId, Username
from services.mentoring.domain.sharing import end_shares
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.disclosing import Disclosing, LetIn
from services.mentoring.use_cases.identities import Identities
from services.mentoring.use_cases.share_by_consent import SHARES, Consents
from shared.contracts.cards import MentoringPersonForgotten
from shared.contracts.event import News
from shared.kernel.actor import Actor
from shared.kernel.ids import RecipientId, new_id

A = TypeVar("A")
_LAST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Protect:
    """From now on the case exists for the named staff alone; others leave its circle.

    What was shared with others ends, and does not begin again when the protection is lifted. No
    message goes out any more: notifications forgets the address, and the case is somebody else
    there from now on.
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
            if not at.case.protected:
                change.told.append(_unreachable(at.case))
                change.case = replace(case, recipient_id=RecipientId(new_id()))
            return change

        return await self.work.change(case_id, "protect", decide, seen=seen, by=by, present=present)


@dataclass(frozen=True, slots=True)
class LiftProtection:
    """The identity is protected no longer, with a reason: the clockwork tells a card again."""

    work: CaseWork
    identities: Identities

    async def __call__(
        self, case_id: CaseId, reason: str, *, seen: int, by: Actor, present: Callable[[Case], A]
    ) -> A:
        """Raises what `CaseWork.change` and `protecting.lift_protection` do."""

        async def decide(at: LetIn) -> Change:
            change = Change.of(protecting.lift_protection(at.case, reason, **at.given()))
            if at.case.protected:
                await self.identities.owe_card(at.case.person_id, by=by)
            return change

        return await self.work.change(
            case_id,
            "protect",
            decide,
            seen=seen,
            by=by,
            present=present,
        )


@dataclass(frozen=True, slots=True)
class SeeHold:
    """Whether the law needs the case kept: for whoever decides that, and nothing else of it."""

    disclosing: Disclosing

    async def __call__(self, case_id: CaseId, *, by: Actor) -> LegalHold | None:
        """The hold, if one stands. Raises what `Disclosing.to_change` does."""
        return (await self.disclosing.to_change(case_id, "hold", by=by)).case.legal_hold


@dataclass(frozen=True, slots=True)
class Hold:
    """The law needs the case kept, with a reason; without one the hold is lifted.

    Whoever may hold a case cannot read it, and so names no version that they have seen.
    """

    work: CaseWork

    async def __call__(
        self,
        case_id: CaseId,
        reason: str | None,
        *,
        by: Actor,
        present: Callable[[Case], A],
    ) -> A:
        """Raises what `CaseWork.change`, `retention.hold` and `retention.lift_hold` do."""

        def decide(at: LetIn) -> Change:
            if reason is None:
                return Change.of(retention.lift_hold(at.case, **at.given()))
            return Change.of(retention.hold(at.case, reason, **at.given()))

        return await self.work.change(case_id, "hold", decide, by=by, present=present)


def _unreachable(case: Case) -> News:
    data = MentoringPersonForgotten(recipient_id=case.recipient_id)
    # After any card: a card's sequence is its revision.
    return News(data, subject=case.recipient_id, sequence=_LAST, fresh_trace=True)
