"""Worry, protection and holds, as they are sent."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from services.mentoring.api.case_models import AT, Code, Text, Username
from services.mentoring.domain.case import LegalHold


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


class HoldOut(BaseModel):
    """Whether a hold stands; since when, by whom and why, as a code, if one does."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"held": True, "since": AT, "by": "greta.moren", "reason": "legal-claim"}
        }
    )

    held: bool
    since: datetime | None = None
    by: str | None = None
    reason: str | None = None

    @classmethod
    def of(cls, hold: LegalHold | None) -> HoldOut:
        """From the domain."""
        if hold is None:
            return cls(held=False)
        return cls(held=True, since=hold.at, by=hold.by, reason=hold.reason)
