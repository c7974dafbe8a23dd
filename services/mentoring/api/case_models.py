"""Cases as they are answered: codes, ids, dates and staff. No text and nobody's name."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.mentoring.domain.case import BreakGlass, Case, ConcernState, Relation
from services.mentoring.domain.phases import Phase
from services.mentoring.domain.rights import CircleKind, FieldGroup
from services.mentoring.domain.waiting import Wait
from services.mentoring.use_cases.see_case import Seen
from shared.web.days import Day

ID = "0199c0de-0000-7000-8000-000000000001"
AT = "2027-02-01T09:00:00Z"
_RELATION: dict[str, Any] = {
    "username": "karin.holm",
    "kind": "lead",
    "since": AT,
    "sees": ["overview", "plan"],
}
_CASE: dict[str, Any] = {
    "id": ID,
    "pseudonym": "Björk-Lykta",
    "phase": "active",
    "phase_since": AT,
    "waits": ["review-late"],
    "opened_at": AT,
    "circle": [_RELATION],
    "your_emergency_access": None,
    "you_are": ["lead"],
    "lead_away_until": None,
    "minor": False,
    "protected": False,
    "contact_every_days": 14,
    "last_contact_on": "2027-02-01",
    "contact_missed": False,
    "next_review_on": "2027-03-01",
    "plan_version": 2,
    "aftercare_plan_version": 0,
    "concern": "not-asked",
    "concern_decide_by": None,
    "emergency_access_to_review": 0,
    "closure_proposed_by": None,
    "aftercare_until": None,
    "legal_hold": False,
    "retention_until": None,
    "version": 7,
}

Username = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{1,63}$")]
"""A member of the staff."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
"""Free text: stored encrypted, answered only to a reading that is written down."""
Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
"""A word from a closed list."""


class RelationOut(BaseModel):
    """Somebody around the case."""

    model_config = ConfigDict(json_schema_extra={"example": _RELATION})

    username: str
    kind: CircleKind
    since: datetime
    sees: list[FieldGroup]

    @classmethod
    def of(cls, relation: Relation) -> RelationOut:
        """From the domain."""
        return cls(
            username=relation.username,
            kind=relation.kind,
            since=relation.since,
            sees=sorted(relation.sees),
        )


_OF_GROUP: Mapping[FieldGroup, tuple[str, ...]] = {
    "contact": (
        "contact_every_days",
        "last_contact_on",
        "contact_missed",
        "concern",
        "concern_decide_by",
    ),
    "plan": ("next_review_on", "plan_version", "aftercare_plan_version"),
    "closure": ("closure_proposed_by", "aftercare_until", "legal_hold"),
    "access-log": ("emergency_access_to_review",),
}
"""What of a case belongs to another group than the overview."""


class OwnGlass(BaseModel):
    """The emergency access that lets you see the case; you can give it back before then."""

    model_config = ConfigDict(json_schema_extra={"example": {"id": ID, "until": AT}})

    id: str
    until: datetime | None

    @classmethod
    def of(cls, glass: BreakGlass | None) -> OwnGlass | None:
        """From the domain."""
        return cls(id=glass.id, until=glass.until) if glass else None


class CaseOut(BaseModel):
    """A case under its pseudonym. Null is also what belongs to a field group that is not yours."""

    model_config = ConfigDict(json_schema_extra={"example": _CASE})

    id: str
    pseudonym: str
    phase: Phase
    phase_since: datetime
    waits: list[Wait] = Field(
        description="det som väntar på att göras, det som brådskar mest först"
    )
    opened_at: datetime
    circle: list[RelationOut]
    you_are: list[str] = Field(description="vad du är för ärendet")
    your_emergency_access: OwnGlass | None = Field(description="din nödöppning, om du har en nu")
    lead_away_until: date | None
    minor: bool | None = Field(description="under 18 år i dag; null när åldern inte är känd")
    protected: bool
    contact_every_days: int | None
    last_contact_on: date | None
    contact_missed: bool | None
    next_review_on: date | None
    plan_version: int | None = Field(description="0 så länge ingen plan finns")
    aftercare_plan_version: int | None
    concern: ConcernState | None
    concern_decide_by: datetime | None
    emergency_access_to_review: int | None
    closure_proposed_by: str | None
    aftercare_until: date | None
    legal_hold: bool | None
    retention_until: date | None
    version: int

    @classmethod
    def of(cls, seen: Seen) -> CaseOut:
        """From the domain, without what belongs to a group that is not the reader's."""
        whole = cls._whole(seen)
        hidden = {
            name: None
            for group, names in _OF_GROUP.items()
            if group not in seen.groups
            for name in names
        }
        return whole.model_copy(update=hidden)

    @classmethod
    def _whole(cls, seen: Seen) -> CaseOut:
        case = seen.case
        return cls(
            id=case.id,
            pseudonym=case.pseudonym,
            phase=case.phase,
            phase_since=case.phase_since,
            waits=list(seen.waits),
            opened_at=case.opened_at,
            circle=[RelationOut.of(each) for each in case.circle],
            you_are=sorted(seen.relations),
            your_emergency_access=OwnGlass.of(seen.own_glass),
            lead_away_until=case.lead_away_until,
            minor=None if case.age_unknown else case.is_minor(seen.now),
            protected=case.protected,
            contact_every_days=case.contact_every_days,
            last_contact_on=case.last_contact_on,
            contact_missed=case.contact_alarm is not None,
            next_review_on=case.next_review_on,
            plan_version=case.plan_version,
            aftercare_plan_version=case.aftercare_plan_version,
            concern=case.concern.state,
            concern_decide_by=case.concern.decide_by,
            emergency_access_to_review=sum(each.awaits_review for each in case.glasses),
            closure_proposed_by=case.closure.proposed_by if case.closure else None,
            aftercare_until=case.aftercare.until if case.aftercare else None,
            legal_hold=case.legal_hold is not None,
            retention_until=case.retention_until,
            version=case.version,
        )


class CaseChanged(BaseModel):
    """That it was done. What the case is now is read, and the reading is written down."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"id": ID, "phase": "active", "version": 8, "made": None}}
    )

    id: str
    phase: Phase
    version: int
    made: str | None = Field(default=None, description="id för det som lades till")

    @classmethod
    def of(cls, case: Case, made: str | None = None) -> CaseChanged:
        """From the domain."""
        return cls(id=case.id, phase=case.phase, version=case.version, made=made)


class RelationIn(BaseModel):
    """What somebody is to be to the case, and what a mentor or somebody in aftercare may see."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"kind": "mentor", "sees": ["plan", "meetings"]}},
    )

    kind: Literal["stand-in", "mentor", "aftercare", "second"]
    sees: list[FieldGroup] | None = Field(default=None, max_length=11)


class HandOverIn(BaseModel):
    """Who leaves, who comes, and what the newcomer may see: the plan only, unless said."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"leaving": "idris.vik", "to": "samir.dahl", "sees": None}},
    )

    leaving: Username
    to: Username
    sees: list[FieldGroup] | None = Field(default=None, max_length=11)


class AbsenceIn(BaseModel):
    """The last day on which the lead is away."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"until": "2027-02-12"}}
    )

    until: Day
