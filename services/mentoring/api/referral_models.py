"""Referrals as they are sent and read."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StringConstraints

from services.mentoring.api.case_models import AT, ID, Code, Text, Username
from services.mentoring.api.identity_models import IdentityIn, Line
from services.mentoring.domain.ids import Username as Name
from services.mentoring.domain.referral import Referral, ReferrerKind
from services.mentoring.use_cases.give_referral_link import ReferralLink
from services.mentoring.use_cases.identities import Identity
from services.mentoring.use_cases.open_case import CaseWanted
from services.mentoring.use_cases.records import Opened
from services.mentoring.use_cases.referrals import ReferralWords
from services.mentoring.use_cases.see_referrals import Likely, ReferralSeen

_SAID: dict[str, Any] = {
    "about": {"name": "Kim Exempel", "birth_date": "2010-05-01"},
    "worry": "Har slutat komma till skolan.",
    "referrer": "Kurator",
    "referrer_contact": "+46701740605",
}
_REFERRAL: dict[str, Any] = {
    "id": ID,
    "receipt": "K7QM-2XFB",
    "kind": "school",
    "via": "link",
    "received_at": AT,
    "state": "received",
    "case_id": None,
    "concern": None,
    "version": 1,
}


class ReferralFormIn(BaseModel):
    """What somebody with a link says: whom it is about, the worry, how to reach the referrer."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _SAID})

    about: IdentityIn
    worry: Text
    referrer: Line = ""
    referrer_contact: Line = ""

    def words(self) -> ReferralWords:
        """For the use case."""
        return ReferralWords(
            self.about.identity(), self.worry, self.referrer, self.referrer_contact
        )


class ReferralIn(ReferralFormIn):
    """The same, taken down by staff or sent by a system: `kind` says who refers."""

    model_config = ConfigDict(json_schema_extra={"example": {"kind": "school", **_SAID}})

    kind: ReferrerKind


class FormOut(BaseModel):
    """That a link holds, and for what kind of referrer it was made."""

    model_config = ConfigDict(json_schema_extra={"example": {"kind": "school"}})

    kind: str


class ReceiptOut(BaseModel):
    """That it has come in. Nothing else is said, whatever there is."""

    model_config = ConfigDict(json_schema_extra={"example": {"receipt": "K7QM-2XFB"}})

    receipt: str


class ReferralOut(BaseModel):
    """A referral in a list: no word of what was said."""

    model_config = ConfigDict(json_schema_extra={"example": _REFERRAL})

    id: str
    receipt: str
    kind: ReferrerKind
    via: str
    received_at: datetime
    state: str
    case_id: str | None
    concern: Literal["reported", "not-reported"] | None
    version: int

    @classmethod
    def facts_of(cls, referral: Referral) -> dict[str, Any]:
        """From the domain."""
        return {
            "id": referral.id,
            "receipt": referral.receipt,
            "kind": referral.kind,
            "via": referral.via,
            "received_at": referral.received_at,
            "state": referral.state,
            "case_id": referral.case_id,
            "concern": _concern(referral),
            "version": referral.version,
        }


class LikelyCase(BaseModel):
    """A case that it may be the same as. Of one that is not yours only its lead is told."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "lead": "karin.holm",
                "id": ID,
                "pseudonym": "Björk-Lykta",
                "phase": "active",
            }
        }
    )

    lead: str | None
    id: str | None = None
    pseudonym: str | None = None
    phase: str | None = None

    @classmethod
    def of(cls, likely: Likely) -> LikelyCase:
        """From the domain."""
        if likely.case is None:
            return cls(lead=likely.lead)
        case = likely.case
        return cls(lead=likely.lead, id=case.id, pseudonym=case.pseudonym, phase=case.phase)


class WholeReferral(ReferralOut):
    """A referral in clear. `said` is null once the person is forgotten."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {**_REFERRAL, "said": _SAID, "same_referrals": [], "same_cases": []}
        }
    )

    said: dict[str, Any] | None
    same_referrals: list[str]
    same_cases: list[LikelyCase]

    @classmethod
    def of(cls, seen: ReferralSeen) -> WholeReferral:
        """From the domain."""
        return cls(
            **cls.facts_of(seen.referral),
            said=_said(seen.words),
            same_referrals=list(seen.same_referrals),
            same_cases=[LikelyCase.of(each) for each in seen.same_cases],
        )


class AcceptanceIn(BaseModel):
    """How the case begins."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"lead": "karin.holm", "protected": False}}
    )

    lead: Username | None = None
    protected: StrictBool = False
    named: list[Username] = Field(default_factory=list, max_length=20)
    contact_every_days: Literal[14, 30] = 14
    municipality: Line = Field(
        default="", description="en av Sveriges kommuner; räknas, sparas inte med ärendet"
    )

    def wanted(self, by: str) -> CaseWanted:
        """For the use case, which fills in whom it is about."""
        return CaseWanted(
            identity=Identity(),
            lead=Name(self.lead or by),
            protected=self.protected,
            named=frozenset(Name(each) for each in self.named),
            contact_every_days=self.contact_every_days,
            municipality=self.municipality,
        )


class LinkingIn(BaseModel):
    """The case that it belongs to."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"case_id": ID}})

    case_id: Annotated[str, StringConstraints(max_length=64)]


class LinkIn(BaseModel):
    """For whom a link is made."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"kind": "school", "label": "Exempelskolan"}},
    )

    kind: Code
    label: Line


class LinkOut(BaseModel):
    """A link. The secret is shown when it is made, and never again."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": ID,
                "kind": "school",
                "label": "Exempelskolan",
                "made_by": "karin.holm",
                "made_at": AT,
                "revoked": False,
            }
        }
    )

    id: str
    kind: str
    label: str
    made_by: str
    made_at: datetime
    revoked: bool

    @classmethod
    def of(cls, link: ReferralLink) -> LinkOut:
        """From what was kept."""
        return cls(
            id=link.id,
            kind=link.kind,
            label=link.label,
            made_by=link.made_by,
            made_at=link.made_at,
            revoked=link.revoked_at is not None,
        )


class NewLinkOut(BaseModel):
    """A link that was just made, with its secret."""

    model_config = ConfigDict(json_schema_extra={"example": {"id": ID, "secret": "A" * 43}})

    id: str
    secret: str


class ReferralOfCaseOut(BaseModel):
    """What was said, as part of a case."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "referral_id": ID,
                "referrer_kind": "school",
                "received_at": AT,
                "worry": _SAID["worry"],
                "referrer": "Kurator",
                "referrer_contact": "+46701740605",
            }
        }
    )

    referral_id: str
    referrer_kind: str
    received_at: datetime
    worry: str
    referrer: str
    referrer_contact: str

    @classmethod
    def of(cls, opened: Opened) -> ReferralOfCaseOut:
        """From what was kept."""
        return cls.model_validate({**opened.facts, **opened.words})


def _said(words: ReferralWords | None) -> dict[str, Any] | None:
    if words is None:
        return None
    about = words.about
    return {
        "about": {name: getattr(about, name) for name in about.__dataclass_fields__},
        "worry": words.worry,
        "referrer": words.referrer,
        "referrer_contact": words.referrer_contact,
    }


def _concern(referral: Referral) -> str | None:
    if referral.concern is None:
        return None
    return "reported" if referral.concern.reported else "not-reported"
