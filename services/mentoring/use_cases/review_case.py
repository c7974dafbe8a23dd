"""Reviews: the day on which a case is looked at again, and what was seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.reviews import new_review, record_review, set_review
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.disclosing import Disclosing, LetIn
from services.mentoring.use_cases.records import Opened, Writing, of_person
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class SetReview:
    """Decide on which day the case is reviewed next."""

    work: CaseWork

    async def __call__(
        self, case_id: CaseId, on: date, *, seen: int, by: Actor, present: Callable[[Case], A]
    ) -> A:
        """Raises what `CaseWork.change` and `reviews.set_review` do."""
        return await self.work.change(
            case_id,
            "write",
            lambda at: Change.of(set_review(at.case, on, **at.given())),
            group="overview",
            seen=seen,
            by=by,
            present=present,
        )


@dataclass(frozen=True, slots=True)
class RecordReview:
    """Record a review that was held, in words, and when the next one is."""

    work: CaseWork
    reviews: Writing

    async def __call__(
        self,
        case_id: CaseId,
        text: str,
        next_on: date,
        *,
        by: Actor,
        once: Any,
        present: Callable[[Case, str], A],
    ) -> A:
        """Raises what `CaseWork.change` and `reviews.new_review` do."""
        review_id = new_id()

        async def decide(at: LetIn) -> Change:
            review = new_review(at.case, review_id, next_on, **at.given())
            change = Change.of(record_review(at.case, review, **at.given()))
            facts = {
                "author": review.author,
                "at": review.at,
                "due_on": review.due_on,
                "next_on": review.next_on,
            }
            document = await self.reviews.sealed(
                review_id, of_person(at.case), facts, {"text": text}
            )
            change.inserts.append((self.reviews.name, document))
            return change

        return await self.work.change(
            case_id,
            "write",
            decide,
            group="plan",
            by=by,
            once=once,
            present=lambda case: present(case, review_id),
        )


@dataclass(frozen=True, slots=True)
class ReadReviews:
    """The reviews of a case, oldest first."""

    disclosing: Disclosing
    reviews: Writing

    async def __call__(
        self, case_id: CaseId, *, by: Actor, limit: int, offset: int
    ) -> tuple[Sequence[Opened], int]:
        """Raises NotFound for a stranger, as for a case that does not exist."""
        async with self.disclosing.reading(case_id, "plan", by=by) as (_, reading):
            sealed = await self.reviews.of_case(case_id, by=by, limit=limit, offset=offset)
            some = await reading.open(sealed)
        return some.items, some.total
