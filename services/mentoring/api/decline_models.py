"""A referral that becomes no case: why, and what is done about the worry."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from services.mentoring.api.case_models import Code
from services.mentoring.domain.referral import ReferralConcern

_CONCERN: dict[str, Any] = {"reported": False, "reason": "known-to-social-services"}


class ConcernAnswer(BaseModel):
    """Whether a report of concern is made, and why, as a code from the list of its own."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _CONCERN})

    reported: StrictBool
    reason: Code


class DeclineIn(BaseModel):
    """Why, as a code from the list; for somebody under 18 also the question of concern."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"reason": "other-help", "concern": _CONCERN}},
    )

    reason: Code
    concern: ConcernAnswer | None = Field(
        default=None, description="måste besvaras för den som är under 18"
    )

    def answered(self) -> ReferralConcern | None:
        """For the domain."""
        if self.concern is None:
            return None
        return ReferralConcern(self.concern.reported, self.concern.reason)
