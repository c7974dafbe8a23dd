"""Where a case goes, what was done to it, and what somebody may do to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from services.mentoring.api.case_models import AT, CaseOut, Code
from services.mentoring.domain.rights import Action, FieldGroup
from services.mentoring.policy import Possible
from services.mentoring.use_cases.advance_case import Step as NextStep
from services.mentoring.use_cases.see_case import Seen, Step
from shared.web.days import Day
from shared.web.examples import example_of

_MAY: dict[str, Any] = {
    "read": ["overview", "plan"],
    "read_own": ["meetings", "notes"],
    "write": [],
    "write_own": ["meetings", "notes"],
    "do": ["list", "raise-concern"],
}


class StepIn(BaseModel):
    """The next step. `reason` is for decline and reopen, `review_on` for reopen."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"step": "begin-assessment"}}
    )

    step: NextStep
    reason: Code | None = None
    review_on: Day | None = None


class StepOut(BaseModel):
    """Something that was done to the case, in codes, ids and days."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "sequence": 4,
                "kind": "PhaseChanged",
                "group": "overview",
                "by": "karin.holm",
                "at": AT,
                "what": {"before": "intake", "after": "assessment", "command": "begin-assessment"},
            }
        }
    )

    sequence: int
    kind: str
    group: FieldGroup = Field(description="uppgifterna som steget hör till")
    by: str
    at: datetime
    what: dict[str, Any] = Field(description="stegets egna koder, id:n och dagar; aldrig text")

    @classmethod
    def of(cls, step: Step) -> StepOut:
        """From the use case."""
        return cls(
            sequence=step.sequence,
            kind=step.kind,
            group=step.group,
            by=step.by,
            at=step.at,
            what=dict(step.what),
        )


class PossibleOut(BaseModel):
    """What you may do to the case as it is now. A change can still be refused for other reasons.

    Of the groups in `read_own` and `write_own`, only records of your own are yours.
    """

    model_config = ConfigDict(json_schema_extra={"example": _MAY})

    read: list[FieldGroup]
    read_own: list[FieldGroup]
    write: list[FieldGroup]
    write_own: list[FieldGroup]
    do: list[Action]

    @classmethod
    def of(cls, may: Possible) -> PossibleOut:
        """From the policy."""
        return cls(
            read=sorted(may.read),
            read_own=sorted(may.read_own),
            write=sorted(may.write),
            write_own=sorted(may.write_own),
            do=sorted(may.do),
        )


class CaseShown(CaseOut):
    """One case, and what you may do to it."""

    model_config = ConfigDict(
        json_schema_extra={"example": {**example_of(CaseOut), "you_may": _MAY}}
    )

    you_may: PossibleOut

    @classmethod
    def with_rights(cls, seen: Seen, may: Possible) -> CaseShown:
        """From the use case."""
        return cls(**CaseOut.of(seen).model_dump(), you_may=PossibleOut.of(may))
