"""Worry, protection and holds, as they are sent."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from services.mentoring.api.case_models import Code, Text, Username


class ConcernIn(BaseModel):
    """What you worry about, in words."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"text": "Något har hänt hemma."}}
    )

    text: Text


class ConcernDecisionIn(BaseModel):
    """Whether a report is made, why as a code, and in words."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"reported": True, "reason": "risk-of-harm", "text": "Anmält i dag."}
        },
    )

    reported: StrictBool
    reason: Code
    text: Text = ""


class NamedIn(BaseModel):
    """The only staff who may come near. The lead is among them."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"named": ["karin.holm"]}}
    )

    named: list[Username] = Field(min_length=1, max_length=20)


class HoldIn(BaseModel):
    """Why the law needs it kept, as a code."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"reason": "legal-claim"}}
    )

    reason: Code
