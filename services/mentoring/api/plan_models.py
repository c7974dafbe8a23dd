"""A plan as it is sent and read: whole, with what is late and what has lost its owner."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.mentoring.api.case_models import AT, Username
from services.mentoring.domain.ids import Username as Name
from services.mentoring.domain.planning import Goal, PlannedAction, open_actions, overdue
from services.mentoring.use_cases.plan_support import PlanSeen
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
                "newest": 1,
                "late": [],
                "left_over": [],
            }
        }
    )

    kind: Literal["support", "aftercare"]
    plan_version: int
    author: str
    at: datetime
    goals: list[GoalModel]
    newest: int = Field(description="den senaste versionens nummer")
    late: list[str] = Field(description="insatser vars dag har passerat, äldst först")
    left_over: list[str] = Field(description="öppna insatser vars ägare har lämnat kretsen")

    @classmethod
    def of(cls, seen: PlanSeen) -> PlanOut:
        """From what was kept."""
        facts = seen.plan.facts
        known = {k: v for k, v in facts.items() if k in cls.model_fields}
        goals = json.loads(seen.plan.words["goals"])
        plan = cls.model_validate(
            {**known, "goals": goals, "newest": seen.newest, "late": [], "left_over": []}
        )
        whole = [each.goal() for each in plan.goals]
        late = [each.id for each in overdue(whole, seen.today)]
        left = [each.id for each in open_actions(whole) if each.owner not in seen.owners]
        return plan.model_copy(update={"late": late, "left_over": left})
