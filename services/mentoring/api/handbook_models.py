"""The handbook's editions and their readings as they are sent and read."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from services.mentoring.api.case_models import AT
from services.mentoring.domain.handbook import Confirmation, Handbook
from shared.web.whole_number import WholeNumber


class EditionIn(BaseModel):
    """The number of an edition of the handbook."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"edition": 2}})

    edition: WholeNumber = Field(ge=1, le=1_000_000)


class HandbookOut(BaseModel):
    """The edition to have read (0 before the first), and the one that you have confirmed.

    `named` is the newest one's name: it may only correct the one to have read.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "edition": 2,
                "named": "1.1.0",
                "path": "/publikationer/mentorshandboken/1.1.0",
                "released_at": AT,
                "confirmed": 1,
                "version": 2,
            }
        }
    )

    edition: int
    named: str
    path: str
    released_at: datetime | None
    confirmed: int
    version: int

    @classmethod
    def of(cls, newest: Handbook, read: Confirmation | None) -> HandbookOut:
        """From the domain."""
        return cls(
            edition=newest.edition,
            named=newest.named,
            path=newest.path,
            released_at=newest.released_at,
            confirmed=read.edition if read else 0,
            version=newest.version,
        )


class ConfirmationOut(BaseModel):
    """Somebody has read an edition."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"username": "idris.vik", "edition": 2, "at": AT}}
    )

    username: str
    edition: int
    at: datetime

    @classmethod
    def of(cls, read: Confirmation) -> ConfirmationOut:
        """From the domain."""
        return cls(username=read.username, edition=read.edition, at=read.at)
