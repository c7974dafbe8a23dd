"""The case goes on: to assessment, planning, support; or it is declined, archived, reopened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, TypeVar

from services.mentoring.domain import advancing, aftercare
from services.mentoring.domain.case import Case, Told
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.rights import Action, FieldGroup
from services.mentoring.domain.rules import ReviewDateMissing
from services.mentoring.use_cases.case_work import CaseWork, Change
from services.mentoring.use_cases.disclosing import LetIn
from shared.kernel.actor import Actor

A = TypeVar("A")
Step = Literal[
    "begin-assessment", "begin-planning", "begin-support", "decline", "reopen", "archive"
]

_STEPS: Mapping[Step, tuple[Action, FieldGroup | None, Callable[..., Told]]] = MappingProxyType(
    {
        "begin-assessment": ("write", "overview", advancing.begin_assessment),
        "begin-planning": ("write", "overview", advancing.begin_planning),
        "begin-support": ("write", "overview", advancing.begin_support),
        "decline": ("write", "overview", advancing.decline),
        "reopen": ("reopen", None, aftercare.reopen),
        "archive": ("archive", None, aftercare.archive),
    }
)
"""Step → the right that it needs, and the command of the domain."""


@dataclass(frozen=True, slots=True)
class AdvanceCase:
    """Take the case one step further. To decline, or to take it up again, needs a reason code."""

    work: CaseWork

    async def __call__(
        self,
        case_id: CaseId,
        step: Step,
        *,
        reason: str,
        review_on: date | None,
        seen: int,
        by: Actor,
        once: Any,
        present: Callable[[Case], A],
    ) -> A:
        """Raises what `CaseWork.change` and the step's command do."""
        action, group, command = _STEPS[step]

        def decide(at: LetIn) -> Change:
            if step == "decline":
                return Change.of(command(at.case, reason, **at.given()))
            if step == "reopen":
                if review_on is None:
                    raise ReviewDateMissing
                return Change.of(command(at.case, reason, review_on, **at.given()))
            return Change.of(command(at.case, **at.given()))

        return await self.work.change(
            case_id, action, decide, group=group, by=by, seen=seen, once=once, present=present
        )
