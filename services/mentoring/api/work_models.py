"""What hangs on a case, as it is sent and read: assessments, plans, contacts, reviews, closure."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StrictBool, StringConstraints

from services.mentoring.api.case_models import AT, ID, Code, Text, Username
from services.mentoring.domain.ids import Username as Name
from services.mentoring.domain.planning import Goal, PlannedAction, overdue
from services.mentoring.use_cases.close_case import ClosureWanted
from services.mentoring.use_cases.records import Opened
from shared.web.days import Day

ItemId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
_ACTION: dict[str, Any] = {
    "id": "a1",
    "text": "Ringa skolan",
    "owner": "karin.holm",
    "due_on": "2027-02-15",
    "state": "open",
}
_GOAL: dict[str, Any] = {
    "id": "m1",
    "text": "Tillbaka i skolan",
    "state": "open",
    "actions": [_ACTION],
}
_ASSESSMENT: dict[str, Any] = {
    "questionnaire": "first-assessment",
    "answers": {"safety-now": 3, "safety-someone": False},
}


class AssessmentIn(BaseModel):
    """Answers to one questionnaire, by question id."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _ASSESSMENT})

    questionnaire: Code
    answers: dict[str, JsonValue] = Field(max_length=200)


class AssessmentOut(BaseModel):
    """Answers at one time."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": ID,
                "author": "karin.holm",
                "at": AT,
                "version": 1,
                "questionnaire_version": 1,
                **_ASSESSMENT,
            }
        }
    )

    id: str
    author: str
    at: datetime
    version: int
    questionnaire: str
    questionnaire_version: int
    answers: dict[str, Any]

    @classmethod
    def of(cls, opened: Opened) -> AssessmentOut:
        """From what was kept."""
        answers = json.loads(opened.words["answers"])
        known = {k: v for k, v in opened.facts.items() if k in cls.model_fields}
        return cls(id=opened.id, answers=answers, **known)


class ActionModel(BaseModel):
    """What somebody does, and by which day. The owner `mentee` is the young person."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _ACTION})

    id: ItemId
    text: Annotated[str, StringConstraints(max_length=2000)]
    owner: Username
    due_on: Day
    state: Literal["open", "done", "dropped"] = "open"


class GoalModel(BaseModel):
    """What shall be reached, and how."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _GOAL})

    id: ItemId
    text: Annotated[str, StringConstraints(max_length=2000)]
    actions: list[ActionModel] = Field(default_factory=list, max_length=30)
    state: Literal["open", "reached", "dropped"] = "open"

    def goal(self) -> Goal:
        """For the domain."""
        actions = tuple(
            PlannedAction(each.id, each.text, Name(each.owner), each.due_on, each.state)
            for each in self.actions
        )
        return Goal(self.id, self.text, actions, self.state)


class PlanIn(BaseModel):
    """The whole plan."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"goals": [_GOAL]}})

    goals: list[GoalModel] = Field(max_length=20)


class PlanOut(BaseModel):
    """The whole plan as it is now."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "kind": "support",
                "plan_version": 1,
                "author": "karin.holm",
                "at": AT,
                "goals": [_GOAL],
                "late": [],
            }
        }
    )

    kind: Literal["support", "aftercare"]
    plan_version: int
    author: str
    at: datetime
    goals: list[GoalModel]
    late: list[str] = Field(description="insatser vars dag har passerat, äldst först")

    @classmethod
    def of(cls, opened: Opened, today: date) -> PlanOut:
        """From what was kept."""
        known = {k: v for k, v in opened.facts.items() if k in cls.model_fields}
        goals = json.loads(opened.words["goals"])
        plan = cls.model_validate({**known, "goals": goals, "late": []})
        late = overdue([each.goal() for each in plan.goals], today)
        return plan.model_copy(update={"late": [each.id for each in late]})


class ContactIn(BaseModel):
    """A contact on a day, or an attempt."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"on": "2027-02-01", "way": "call", "successful": True, "text": ""}
        },
    )

    on: Day
    way: Code
    successful: StrictBool
    text: Text = ""


class ContactOut(ContactIn):
    """A contact as it was reported."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "example": {
                "id": ID,
                "author": "idris.vik",
                "at": AT,
                "on": "2027-02-01",
                "way": "call",
                "successful": True,
                "text": "",
                "meeting_id": None,
            }
        },
    )

    id: str
    author: str
    at: datetime
    meeting_id: str | None

    @classmethod
    def of(cls, opened: Opened) -> ContactOut:
        """From what was kept."""
        return cls.model_validate({**opened.facts, "id": opened.id, **opened.words})


class RhythmIn(BaseModel):
    """How often contact is expected."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"days": 30}})

    days: Literal[14, 30]


class ReviewDateIn(BaseModel):
    """The day of the next review."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"on": "2027-03-01"}})

    on: Day


class ReviewIn(BaseModel):
    """What was seen, and when next."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"text": "Det går framåt.", "next_on": "2027-04-01"}},
    )

    text: Text
    next_on: Day


class ReviewOut(ReviewIn):
    """A review that was held."""

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "example": {
                "id": ID,
                "author": "karin.holm",
                "at": AT,
                "due_on": "2027-03-01",
                "next_on": "2027-04-01",
                "text": "Det går framåt.",
            }
        },
    )

    id: str
    author: str
    at: datetime
    due_on: date | None

    @classmethod
    def of(cls, opened: Opened) -> ReviewOut:
        """From what was kept."""
        return cls.model_validate({**opened.facts, "id": opened.id, **opened.words})


class ClosureIn(BaseModel):
    """How it ended, in a code and in words; who goes on with aftercare, and until when."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "outcome": "goals-reached",
                "text": "Målen är nådda.",
                "review_on": "2027-09-01",
                "until": "2027-12-01",
                "aftercare_lead": "karin.holm",
                "aftercare_circle": ["idris.vik"],
            }
        },
    )

    outcome: Code
    text: Text
    review_on: Day
    until: Day
    aftercare_lead: Username
    aftercare_circle: list[Username] = Field(default_factory=list, max_length=20)

    def wanted(self) -> ClosureWanted:
        """For the use case."""
        return ClosureWanted(
            self.outcome,
            self.text,
            self.review_on,
            self.until,
            Name(self.aftercare_lead),
            frozenset(Name(each) for each in self.aftercare_circle),
        )


class VerdictIn(BaseModel):
    """The second person's answer. A no has a reason code."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"approve": True}})

    approve: StrictBool
    reason: Code | None = None
