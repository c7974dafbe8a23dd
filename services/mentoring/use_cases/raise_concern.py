"""The question of a report of concern for somebody under 18: asked, and decided with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from services.mentoring.domain import concern
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.disclosing import LetIn
from services.mentoring.use_cases.records import Writing, of_person
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class RaiseConcern:
    """Say that you worry about somebody under 18: it must be decided within a day what is done."""

    work: CaseWork
    words: Writing

    async def __call__(
        self, case_id: CaseId, text: str, *, by: Actor, once: Any, present: Callable[[Case], A]
    ) -> A:
        """Raises what `CaseWork.change` and `concern.raise_concern` do."""

        async def decide(at: LetIn) -> Change:
            change = Change.of(concern.raise_concern(at.case, **at.given()))
            change.inserts.append(await _kept(self.words, at, "worry", text))
            return change

        return await self.work.change(
            case_id, "raise-concern", decide, by=by, once=once, present=present
        )


@dataclass(frozen=True, slots=True)
class DecideConcern:
    """Decide to report to the social services, or not to, each with a reason from its own list."""

    work: CaseWork
    words: Writing

    async def __call__(
        self,
        case_id: CaseId,
        reason: str,
        text: str,
        *,
        reported: bool,
        seen: int,
        by: Actor,
        once: Any,
        present: Callable[[Case], A],
    ) -> A:
        """Raises what `CaseWork.change` and `concern.decide_concern` do."""

        async def decide(at: LetIn) -> Change:
            told = concern.decide_concern(at.case, reported=reported, reason=reason, **at.given())
            change = Change.of(told)
            change.inserts.append(await _kept(self.words, at, "decision", text))
            return change

        return await self.work.change(
            case_id, "report-concern", decide, seen=seen, by=by, once=once, present=present
        )


async def _kept(words: Writing, at: LetIn, part: str, text: str) -> tuple[str, Any]:
    facts = {"author": at.username, "at": at.now, "part": part}
    return words.name, await words.sealed(new_id(), of_person(at.case), facts, {"text": text})
