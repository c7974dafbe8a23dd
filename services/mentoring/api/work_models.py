"""What hangs on a case, as it is sent and read: assessments, contacts, reviews, closure."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StrictBool

from services.mentoring.api.case_models import AT, ID, Code, Text, Username
from services.mentoring.domain.ids import Username as Name
from services.mentoring.use_cases.close_case import ClosureWanted
from services.mentoring.use_cases.records import Opened
from shared.web.days import Day

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
