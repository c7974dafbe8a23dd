"""Who a person is, as it is sent and read: on its own, never with the case."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from services.mentoring.api.case_models import ID, Username
from services.mentoring.domain.ids import Username as Name
from services.mentoring.domain.personal_number import ensure_personal_number
from services.mentoring.use_cases.find_person import OneThingToLookFor
from services.mentoring.use_cases.identities import Identity, Kept
from services.mentoring.use_cases.open_case import CaseWanted
from shared.web.days import Day

_IDENTITY: dict[str, Any] = {
    "name": "Kim Exempel",
    "personal_number": "",
    "birth_date": "2010-05-01",
    "phone": "+46701740605",
    "email": "",
    "whereabouts": "",
    "language": "sv",
}
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class IdentityIn(BaseModel):
    """What is known of who it is. Everything is stored encrypted under the person's own key."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _IDENTITY})

    name: Line = ""
    personal_number: Annotated[str, StringConstraints(pattern=r"^([0-9]{12})?$")] = ""
    birth_date: Day | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^(\+[0-9]{7,15})?$")] = ""
    email: Annotated[str, StringConstraints(pattern=r"^([^@\s]{1,64}@[^@\s]{1,190})?$")] = ""
    whereabouts: Line = ""
    language: Literal["sv", "en"] = "sv"

    def identity(self) -> Identity:
        """For the domain. Raises PersonalNumberWrong."""
        if self.personal_number:
            ensure_personal_number(self.personal_number)
        known = self.model_dump(exclude={"birth_date"})
        born = self.birth_date.isoformat() if self.birth_date else ""
        return Identity(**known, birth_date=born)


class IdentityOut(IdentityIn):
    """Who it is; answered to a recorded reading alone."""

    model_config = ConfigDict(json_schema_extra={"example": {**_IDENTITY, "version": 1}})

    version: int

    @classmethod
    def of(cls, kept: Kept) -> IdentityOut:
        """From its database."""
        known = {name: value for name, value in asdict(kept.identity).items() if value}
        return cls.model_validate({**known, "version": kept.version})


class IdentityChanged(BaseModel):
    """That it was done; what it says now is read, and the reading is written down."""

    model_config = ConfigDict(json_schema_extra={"example": {"id": ID, "version": 2}})

    id: str
    version: int


class IdentitySearch(BaseModel):
    """One thing to look for, whole. It goes in the body, as addresses of pages are kept in logs."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"phone": "+46701740605"}}
    )

    personal_number: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$")] | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^\+[0-9]{7,15}$")] | None = None
    email: Annotated[str, StringConstraints(pattern=r"^[^@\s]{1,64}@[^@\s]{1,190}$")] | None = None

    def wanted(self) -> Identity:
        """For the use case. Raises PersonalNumberWrong, OneThingToLookFor."""
        if sum(each is not None for each in (self.personal_number, self.phone, self.email)) != 1:
            raise OneThingToLookFor
        if self.personal_number is not None:
            ensure_personal_number(self.personal_number)
        known = self.model_dump(exclude_none=True)
        return Identity(**known)


class CaseFound(BaseModel):
    """A case of whom you looked for."""

    model_config = ConfigDict(json_schema_extra={"example": {"id": ID, "pseudonym": "Björk-Lykta"}})

    id: str
    pseudonym: str


class CasesFound(BaseModel):
    """Your cases of whom you looked for; none is also the answer when there are others'."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"items": [{"id": ID, "pseudonym": "Björk-Lykta"}]}}
    )

    items: list[CaseFound]


class NewCase(BaseModel):
    """A case to be opened. A protected identity names the only staff who may come near."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"identity": _IDENTITY, "lead": "karin.holm"}},
    )

    identity: IdentityIn
    lead: Username | None = None
    protected: StrictBool = False
    named: list[Username] = Field(default_factory=list, max_length=20)
    contact_every_days: Literal[14, 30] = 14
    municipality: Line = Field(
        default="", description="en av Sveriges kommuner; räknas, sparas inte med ärendet"
    )

    def wanted(self, by: str) -> CaseWanted:
        """For the use case; the lead is whoever opens it unless another is named."""
        return CaseWanted(
            identity=self.identity.identity(),
            lead=Name(self.lead or by),
            protected=self.protected,
            named=frozenset(Name(each) for each in self.named),
            contact_every_days=self.contact_every_days,
            municipality=self.municipality,
        )
