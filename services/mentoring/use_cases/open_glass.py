"""Emergency access to a case: asked for, confirmed, given back, judged by somebody else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from services.mentoring.domain import break_glass
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId, GlassId
from services.mentoring.domain.record_rules import TextMissing
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.disclosing import LetIn
from services.mentoring.use_cases.ports import Cases
from services.mentoring.use_cases.records import Writing, of_person
from shared.kernel.actor import Actor
from shared.kernel.ids import new_id

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class OpenGlass:
    """Get emergency access for at most an hour, with a reason from the list and in words.

    Lead and data protection are told at once. A protected identity opens only when a named second
    person confirms. Somebody else judges it afterwards.
    """

    work: CaseWork
    words: Writing

    async def __call__(
        self,
        case_id: CaseId,
        reason: str,
        text: str,
        minutes: int,
        *,
        by: Actor,
        once: Any,
        present: Callable[[Case, GlassId], A],
    ) -> A:
        """Raises what `CaseWork.change` and `break_glass.open_glass` do, and TextMissing."""
        if not text.strip():
            raise TextMissing
        glass_id = GlassId(new_id())

        async def decide(at: LetIn) -> Change:
            change = Change.of(
                break_glass.open_glass(at.case, glass_id, reason, minutes, **at.given())
            )
            facts: Mapping[str, Any] = {"author": at.username, "at": at.now, "part": "reason"}
            document = await self.words.sealed(glass_id, of_person(at.case), facts, {"text": text})
            change.inserts.append((self.words.name, document))
            return change

        return await self.work.change(
            case_id,
            "open-glass",
            decide,
            by=by,
            once=once,
            present=lambda case: present(case, glass_id),
        )


@dataclass(frozen=True, slots=True)
class FindByWords:
    """The same by the code word pair: who is called in an emergency is told no id.

    Which case it is is told with the access alone; a pair that is nobody's is an unknown case.
    """

    cases: Cases

    async def __call__(self, pseudonym: str, *, by: Actor) -> CaseId:
        """An id, of nothing where the words are nobody's: whoever asks on is told so, on record."""
        words = pseudonym.strip().title()
        return await self.cases.named(words, by=by) or CaseId(new_id())


@dataclass(frozen=True, slots=True)
class ConfirmGlass:
    """The second, named person says yes: the minutes count from now."""

    work: CaseWork

    async def __call__(
        self,
        case_id: CaseId,
        glass_id: GlassId,
        *,
        by: Actor,
        once: Any,
        present: Callable[[Case], A],
    ) -> A:
        """Raises what `CaseWork.change` and `break_glass.second_glass` do."""
        return await self.work.change(
            case_id,
            "second-glass",
            lambda at: Change.of(break_glass.second_glass(at.case, glass_id, **at.given())),
            by=by,
            once=once,
            present=present,
        )


@dataclass(frozen=True, slots=True)
class EndGlass:
    """Give emergency access back before its minutes are over, so that it can be judged at once.

    Whoever watches over the case, or data protection, can cut one off in the same way; whoever
    holds one ends their own only. The next reading under it is refused.
    """

    work: CaseWork

    async def __call__(
        self,
        case_id: CaseId,
        glass_id: GlassId,
        *,
        by: Actor,
        once: Any,
        present: Callable[[Case], A],
    ) -> A:
        """Raises what `CaseWork.change` and `break_glass.end_glass` do."""

        def decide(at: LetIn) -> Change:
            own_only = at.granted.relations == {"break-glass"}
            return Change.of(
                break_glass.end_glass(at.case, glass_id, own_only=own_only, **at.given())
            )

        return await self.work.change(
            case_id, "end-glass", decide, by=by, once=once, present=present
        )


@dataclass(frozen=True, slots=True)
class ReviewGlass:
    """Judge an emergency access that is over: justified, not justified, or to be followed up."""

    work: CaseWork
    words: Writing

    async def __call__(
        self,
        case_id: CaseId,
        glass_id: GlassId,
        outcome: str,
        text: str,
        *,
        by: Actor,
        once: Any,
        present: Callable[[Case], A],
    ) -> A:
        """Raises what `CaseWork.change` and `break_glass.review_glass` do."""

        async def decide(at: LetIn) -> Change:
            change = Change.of(break_glass.review_glass(at.case, glass_id, outcome, **at.given()))
            facts: Mapping[str, Any] = {
                "author": at.username,
                "at": at.now,
                "part": "review",
                "glass_id": glass_id,
            }
            document = await self.words.sealed(new_id(), of_person(at.case), facts, {"text": text})
            change.inserts.append((self.words.name, document))
            return change

        return await self.work.change(
            case_id, "review-glass", decide, by=by, once=once, present=present
        )
