"""Who a person is, as it is sent and read: on its own, never with the case."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.mentoring.api.case_models import Username
from services.mentoring.domain.ids import Username as Name
from services.mentoring.use_cases.identities import Identity
from services.mentoring.use_cases.open_case import CaseWanted

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
    birth_date: date | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^(\+[0-9]{7,15})?$")] = ""
    email: Annotated[str, StringConstraints(pattern=r"^([^@\s]{1,64}@[^@\s]{1,190})?$")] = ""
    whereabouts: Line = ""
    language: Literal["sv", "en"] = "sv"

    def identity(self) -> Identity:
        """For the domain."""
        known = self.model_dump(exclude={"birth_date"})
        born = self.birth_date.isoformat() if self.birth_date else ""
        return Identity(**known, birth_date=born)


class NewCase(BaseModel):
    """A case to be opened. A protected identity names the only staff who may come near."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"identity": _IDENTITY, "lead": "karin.holm"}},
    )

    identity: IdentityIn
    lead: Username | None = None
    protected: bool = False
    named: list[Username] = Field(default_factory=list, max_length=20)
    contact_every_days: Literal[14, 30] = 14

    def wanted(self, by: str) -> CaseWanted:
        """For the use case; the lead is whoever opens it unless another is named."""
        return CaseWanted(
            identity=self.identity.identity(),
            lead=Name(self.lead or by),
            protected=self.protected,
            named=frozenset(Name(each) for each in self.named),
            contact_every_days=self.contact_every_days,
        )
