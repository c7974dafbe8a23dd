"""Addresses that are not written to, as they are sent and counted."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from services.publishing.api.subscriber_models import ADDRESS, Mailbox
from services.publishing.domain.suppression import Cause


class SuppressionIn(BaseModel):
    """An address that is not to be written to, and why."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"email": ADDRESS, "cause": "asked-never-again"}},
    )

    email: Mailbox
    cause: Literal["asked-never-again", "complaint"] = Field(
        description="asked-never-again: inga nyhetsbrev mer; complaint: ingenting alls mer"
    )


class SuppressedOut(BaseModel):
    """That the address is not written to from now on."""

    model_config = ConfigDict(json_schema_extra={"example": {"cause": "asked-never-again"}})

    cause: Cause


class SuppressionsOut(BaseModel):
    """How many addresses are stopped, by cause; null is one to four."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"asked-never-again": 31, "complaint": None, "dead-address": 118}
        }
    )

    asked_never_again: int | None = Field(alias="asked-never-again")
    complaint: int | None
    dead_address: int | None = Field(alias="dead-address")
