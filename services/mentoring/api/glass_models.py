"""What is sent and answered about emergency access to a case."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.mentoring.api.case_models import ID, Code, Text
from shared.web.whole_number import WholeNumber


class GlassIn(BaseModel):
    """Why, in a code and in words, and for how long."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"reason": "threat-to-life", "text": "Larm från jouren.", "minutes": 30}
        },
    )

    reason: Code
    text: Text
    minutes: WholeNumber = Field(default=30, ge=1, le=60)


class GlassOut(BaseModel):
    """The emergency access that was asked for."""

    model_config = ConfigDict(json_schema_extra={"example": {"made": ID}})

    made: str


class GlassByWordsIn(GlassIn):
    """The same, of the case with this code word pair."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "pseudonym": "Björk-Lykta",
                "reason": "threat-to-life",
                "text": "Larm från jouren.",
                "minutes": 30,
            }
        },
    )

    pseudonym: Annotated[str, StringConstraints(min_length=3, max_length=60)]


class GlassByWordsOut(GlassOut):
    """And the case that it is of."""

    model_config = ConfigDict(json_schema_extra={"example": {"made": ID, "case_id": ID}})

    case_id: str


class GlassReviewIn(BaseModel):
    """The judgement, in a code and in words."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"outcome": "justified", "text": "Rätt att öppna."}},
    )

    outcome: Code
    text: Text
