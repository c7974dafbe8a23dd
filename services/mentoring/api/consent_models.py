"""Consents and shares as they are sent and read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.mentoring.api.case_models import AT, ID, Code, Text
from services.mentoring.domain.consent import (
    Consent,
    ConsentText,
    Purpose,
    RecipientKind,
    ShareRecipient,
)
from services.mentoring.domain.ids import ConsentId
from services.mentoring.domain.rights import FieldGroup
from services.mentoring.domain.sharing import Share
from services.mentoring.use_cases.share_by_consent import ConsentWanted, ShareWanted
from shared.web.days import Day
from shared.web.whole_number import WholeNumber

Reference = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,64}$")]
"""Our own reference to a recipient, never a name."""
_TO: dict[str, Any] = {"kind": "school", "reference": "skola-17"}
_CONSENT: dict[str, Any] = {
    "purpose": "school-contact",
    "recipient": _TO,
    "text_id": "samtycke-skola",
    "text_version": 1,
    "voices": ["person"],
    "expires_on": "2027-07-01",
}
_SHARE: dict[str, Any] = {
    "purpose": "school-contact",
    "recipient": _TO,
    "groups": ["plan"],
    "until": "2027-06-01",
}


class RecipientModel(BaseModel):
    """To whom: a kind, and our own reference."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _TO})

    kind: RecipientKind
    reference: Reference

    def recipient(self) -> ShareRecipient:
        """For the domain."""
        return ShareRecipient(self.kind, self.reference)


class ConsentIn(BaseModel):
    """A yes: for what, to whom, to which text, by whom, until when."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _CONSENT})

    purpose: Purpose
    recipient: RecipientModel
    text_id: Code
    text_version: WholeNumber = Field(ge=1, le=10_000)
    voices: list[Literal["person", "guardian"]] = Field(min_length=1, max_length=2)
    expires_on: Day

    def wanted(self) -> ConsentWanted:
        """For the use case."""
        return ConsentWanted(
            self.purpose,
            self.recipient.recipient(),
            ConsentText(self.text_id, self.text_version),
            frozenset(self.voices),
            self.expires_on,
        )


class ShareIn(BaseModel):
    """What is shared. Without a consent `override` says why, in a code, and `text` in words."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"consent_id": ID, **_SHARE}}
    )

    consent_id: str | None = Field(default=None, max_length=64)
    purpose: Purpose
    recipient: RecipientModel
    groups: list[FieldGroup] = Field(min_length=1, max_length=11)
    until: Day
    override: Code | None = None
    text: Text = ""

    def wanted(self, hashed: str) -> ShareWanted:
        """For the use case."""
        return ShareWanted(
            consent_id=ConsentId(self.consent_id) if self.consent_id else None,
            purpose=self.purpose,
            recipient=self.recipient.recipient(),
            groups=frozenset(self.groups),
            until=self.until,
            hashed=hashed,
            override=self.override,
            text=self.text,
        )


class NewShareOut(BaseModel):
    """A share that began, with the secret of its link: shown now and never again."""

    model_config = ConfigDict(json_schema_extra={"example": {"id": ID, "secret": "A" * 43}})

    id: str
    secret: str


class ConsentOut(ConsentIn):
    """A consent as it stands."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"id": ID, "given_at": AT, "withdrawn_at": None, **_CONSENT}}
    )

    id: str
    given_at: datetime
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, consent: Consent) -> ConsentOut:
        """From the domain."""
        to = consent.recipient
        return cls(
            id=consent.id,
            purpose=consent.purpose,
            recipient=RecipientModel(kind=to.kind, reference=to.reference),
            text_id=consent.text.id,
            text_version=consent.text.version,
            voices=sorted(consent.voices),
            expires_on=consent.expires_on,
            given_at=consent.given_at,
            withdrawn_at=consent.withdrawn_at,
        )


class ShareOut(BaseModel):
    """A share as it stands."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": ID,
                "began_at": AT,
                "ended_at": None,
                "consent_id": ID,
                "override": None,
                **_SHARE,
            }
        }
    )

    id: str
    purpose: Purpose
    recipient: RecipientModel
    groups: list[FieldGroup]
    until: date
    began_at: datetime
    ended_at: datetime | None
    consent_id: str | None
    override: str | None

    @classmethod
    def of(cls, share: Share) -> ShareOut:
        """From the domain."""
        to = share.recipient
        return cls(
            id=share.id,
            purpose=share.purpose,
            recipient=RecipientModel(kind=to.kind, reference=to.reference),
            groups=sorted(share.groups),
            until=share.until,
            began_at=share.began_at,
            ended_at=share.ended_at,
            consent_id=share.consent_id,
            override=share.override.reason if share.override else None,
        )


class ConsentsOut(BaseModel):
    """All of a case."""

    model_config = ConfigDict(json_schema_extra={"example": {"consents": [], "shares": []}})

    consents: list[ConsentOut]
    shares: list[ShareOut]

    @classmethod
    def of(cls, consents: Sequence[Consent], shares: Sequence[Share]) -> ConsentsOut:
        """From the domain."""
        return cls(
            consents=[ConsentOut.of(each) for each in consents],
            shares=[ShareOut.of(each) for each in shares],
        )


class SharedOut(BaseModel):
    """The parts that are shared, by name."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"parts": {"overview": {"phase": "active"}}}}
    )

    parts: dict[str, Any]
