"""Requests and answers around early warnings."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.publishing.feeds.domain.bulletin import Bulletin, Warned
from services.publishing.feeds.domain.bulletin_words import Span

_SAYS: dict[str, Any] = {
    "kind": "propaganda",
    "area": "Rosengård",
    "begins": "2027-01-04",
    "ends": "2027-01-11",
    "trend": "rising",
    "text": "Klistermärken med våldsbejakande budskap vid tre skolor.",
}


class Warning(BaseModel):  # noqa: A001 - it is one
    """What is warned of: a place on a map, days, and words that point at nobody."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _SAYS})

    kind: Literal["propaganda", "recruitment", "gathering", "threat", "online", "other"]
    area: str = Field(min_length=2, max_length=80)
    begins: date
    ends: date
    trend: Literal["rising", "steady", "falling"]
    text: str = Field(min_length=1, max_length=1000)

    def warned(self) -> Warned:
        """As the rules take it."""
        said = self.model_dump(include=set(Warning.model_fields))
        return Warned(**said)


class NewBulletin(Warning):
    """`no_names`: places of likely names (characters from 1, both ends) that are no person's."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {**_SAYS, "no_names": []}}
    )

    no_names: list[tuple[int, int]] = Field(default_factory=list, max_length=50)

    def spans(self) -> list[Span]:
        """As the rules take them."""
        return [Span(*one) for one in self.no_names]


class Approval(BaseModel):
    """As it stands, or as the editor puts it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"says": None}})

    says: Warning | None = None


class Decline(BaseModel):
    """Why; the poster reads it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"reason": "För vagt om plats."}}
    )

    reason: str = Field(min_length=1, max_length=500)


class BulletinOut(BaseModel):
    """A bulletin and where it stands."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": "0190b6c6-0000-7000-9000-000000000131",
                "state": "waiting",
                "says": _SAYS,
                "posted_at": "2027-01-11T08:30:00Z",
                "decided_at": None,
                "reason": "",
                "edited": False,
                "version": 1,
            }
        }
    )

    id: str
    state: str
    says: Warning
    posted_at: datetime | None
    decided_at: datetime | None
    reason: str
    edited: bool
    version: int

    @classmethod
    def of(cls, one: Bulletin) -> BulletinOut:
        """As it is answered."""
        says = one.says
        return cls(
            id=one.id,
            state=one.state,
            says=Warning(
                kind=says.kind,
                area=says.area,
                begins=says.begins,
                ends=says.ends,
                trend=says.trend,
                text=says.text,
            ),
            posted_at=one.posted_at,
            decided_at=one.decided_at,
            reason=one.reason,
            edited=one.edited,
            version=one.version,
        )
