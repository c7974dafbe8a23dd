"""Lists and segments as they are sent and read."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StrictBool, StringConstraints

from services.publishing.domain.newsletter_list import (
    LONGEST_ABOUT,
    LONGEST_CONSENT,
    LONGEST_NAME,
    NewsletterList,
    Said,
)
from services.publishing.domain.saved_segment import SavedSegment
from services.publishing.domain.segments import as_data

_SEGMENT: dict[str, JsonValue] = {"is": "municipality", "values": ["Malmö", "Lund"]}
_SAID: dict[str, Any] = {
    "names": {"sv": "Nyheter för skolor", "en": "News for schools"},
    "about": {"sv": "En gång i månaden.", "en": "Once a month."},
    "consent": {"sv": "Ja, skicka nyhetsbrevet till mig.", "en": "Yes, send me the newsletter."},
    "is_open": True,
}
_LIST: dict[str, Any] = {"id": "skolor", "consent_version": "skolor-1", **_SAID, "version": 1}
_SAVED: dict[str, Any] = {
    "id": "0199c0de-0000-7000-8000-000000000001",
    "name": "Lärare i Malmö och Lund",
    "segment": _SEGMENT,
    "version": 1,
}
Tag = Annotated[str, StringConstraints(min_length=2, max_length=35)]
Names = Annotated[
    dict[Tag, Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]],
    Field(description="språk → namn; sv finns alltid"),
]
About = Annotated[
    dict[Tag, Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_ABOUT)]],
    Field(description="språk → vad brevet handlar om och hur ofta det kommer"),
]
Consent = Annotated[
    dict[Tag, Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_CONSENT)]],
    Field(description="språk → vad den som anmäler sig säger ja till"),
]
ListId = Annotated[str, StringConstraints(min_length=3, max_length=40)]


class ListSaidIn(BaseModel):
    """What a list says of itself."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _SAID})

    names: Names
    about: About
    consent: Consent
    is_open: StrictBool = Field(default=True, description="om vem som helst kan anmäla sig")

    def said(self) -> Said:
        """For the use case."""
        return Said(self.names, self.about, self.consent, self.is_open)


class ListIn(ListSaidIn):
    """A new list; its id stands in addresses and never changes."""

    model_config = ConfigDict(json_schema_extra={"example": {"id": "skolor", **_SAID}})

    id: ListId = Field(description="små bokstäver a–z, siffror, bindestreck")


class OpenListOut(BaseModel):
    """A list as anybody sees it who may sign up for it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {name: value for name, value in _LIST.items() if name != "version"}
        }
    )

    id: str
    names: dict[str, str]
    about: dict[str, str]
    consent: dict[str, str]
    consent_version: str = Field(description="vilken lydelse av samtyckestexten det är")
    is_open: bool

    @classmethod
    def fields_of(cls, one: NewsletterList) -> dict[str, Any]:
        """What anybody may know."""
        return {
            "id": one.id,
            "names": dict(one.names),
            "about": dict(one.about),
            "consent": dict(one.consent.words),
            "consent_version": one.consent.version,
            "is_open": one.is_open,
        }

    @classmethod
    def of(cls, one: NewsletterList) -> OpenListOut:
        """As it is answered."""
        return cls(**cls.fields_of(one))


class ListOut(OpenListOut):
    """A list as staff see it."""

    model_config = ConfigDict(json_schema_extra={"example": _LIST})

    version: int

    @classmethod
    def of(cls, one: NewsletterList) -> ListOut:
        """As it is answered."""
        return cls(**cls.fields_of(one), version=one.version)


class SegmentIn(BaseModel):
    """A question about subscribers, and what it is called."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"name": "Lärare i Malmö och Lund", "segment": _SEGMENT}},
    )

    name: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    segment: dict[str, JsonValue] = Field(
        description="en av formerna is + values, since, all, any, not (högst åtta nivåer)"
    )


class SegmentOut(BaseModel):
    """A saved segment."""

    model_config = ConfigDict(json_schema_extra={"example": _SAVED})

    id: str
    name: str
    segment: dict[str, Any]
    version: int

    @classmethod
    def of(cls, one: SavedSegment) -> SegmentOut:
        """As it is answered."""
        return cls(id=one.id, name=one.name, segment=as_data(one.segment), version=one.version)


class CountIn(BaseModel):
    """Of which list, and who of it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"list_id": "skolor", "segment": _SEGMENT}},
    )

    list_id: ListId
    segment: dict[str, JsonValue]


class CountOut(BaseModel):
    """How many a mailing would be written to; null is one to four."""

    model_config = ConfigDict(json_schema_extra={"example": {"count": 1240}})

    count: int | None = Field(description="null: färre än fem, som inte visas")
