"""Requests and answers around partners."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.publishing.feeds.domain.filters import Filter
from services.publishing.feeds.domain.keys import PartnerKey
from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.use_cases.keep_partners import Wanted
from shared.web.whole_number import WholeNumber

ScopeName = Literal["feed:read", "cews:read", "cews:post", "webhooks:manage", "keys:manage"]


class FilterModel(BaseModel):
    """Nothing named means everything."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"types": ["se.safespace.booking.*"], "places": []}},
    )

    types: list[str] = Field(default_factory=list, max_length=50)
    places: list[str] = Field(default_factory=list, max_length=50)

    def filter(self) -> Filter:
        """Raises FilterMakesNoSense."""
        return Filter(tuple(self.types), tuple(self.places))

    @classmethod
    def of(cls, one: Filter) -> FilterModel:
        """As it is answered."""
        return cls(types=list(one.types), places=list(one.places))


_WANTED: dict[str, Any] = {
    "title": "RAN Nord",
    "scopes": ["feed:read", "webhooks:manage", "keys:manage"],
    "only": {"types": ["se.safespace.booking.*"], "places": []},
    "networks": ["192.0.2.0/24"],
    "client": None,
    "per_minute": 600,
}


class PartnerChange(BaseModel):
    """What a partner is to be from now on."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": _WANTED})

    title: str = Field(min_length=1, max_length=120)
    scopes: list[ScopeName] = Field(max_length=5)
    only: FilterModel = Field(default_factory=FilterModel)
    networks: list[str] = Field(default_factory=list, max_length=20)
    client: str | None = Field(None, min_length=1, max_length=200)
    per_minute: WholeNumber = Field(600, ge=1, le=100_000)

    def wanted(self) -> Wanted:
        """As the use case takes it."""
        return Wanted(
            title=self.title,
            scopes=frozenset(self.scopes),
            only=self.only.filter(),
            networks=tuple(self.networks),
            client=self.client,
            per_minute=self.per_minute,
        )


class NewPartner(PartnerChange):
    """A partner, and the short name by which people speak of it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"name": "ran-nord", **_WANTED}}
    )

    name: str = Field(min_length=3, max_length=40, pattern="^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$")


_KEY: dict[str, Any] = {
    "id": "4Xy7Kq2LmN",
    "made_at": "2027-01-11T08:30:00Z",
    "expires_at": None,
    "revoked_at": None,
}


class KeyOut(BaseModel):
    """A key without its secret: that was shown once."""

    model_config = ConfigDict(json_schema_extra={"example": _KEY})

    id: str
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, key: PartnerKey) -> KeyOut:
        """As it is answered."""
        return cls(
            id=key.id,
            made_at=key.made_at,
            expires_at=key.expires_at,
            revoked_at=key.revoked_at,
        )


class NewKey(BaseModel):
    """When the key is to end; without that it goes on until it is revoked."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"expires_at": None}})

    expires_at: datetime | None = None


class KeyShown(BaseModel):
    """A new key: the only time that it is shown. Only its hash is kept.

    A copy of the request makes no second key and is answered without `key`: nobody has it any more.
    """

    model_config = ConfigDict(
        json_schema_extra={"example": {"key": "ssp_live_…", "id": "4Xy7Kq2LmN", "expires_at": None}}
    )

    key: str | None
    id: str
    expires_at: datetime | None

    @classmethod
    def of(cls, partner: Partner, text: str | None) -> KeyShown:
        """A partner's newest key, as it is answered."""
        key = partner.keys[-1]
        return cls(key=text, id=key.id, expires_at=key.expires_at)


class PartnerOut(BaseModel):
    """A partner, as staff and it itself see it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "ran-nord",
                **_WANTED,
                "keys": [_KEY],
                "made_at": "2027-01-11T08:30:00Z",
                "ended_at": None,
                "version": 1,
            }
        }
    )

    name: str
    title: str
    scopes: list[str]
    only: FilterModel
    networks: list[str]
    client: str | None
    per_minute: int
    keys: list[KeyOut]
    made_at: datetime | None
    ended_at: datetime | None
    version: int

    @classmethod
    def of(cls, one: Partner) -> PartnerOut:
        """As it is answered."""
        return cls(
            name=one.name,
            title=one.title,
            scopes=sorted(one.scopes),
            only=FilterModel.of(one.only),
            networks=list(one.networks),
            client=one.client,
            per_minute=one.per_minute,
            keys=[KeyOut.of(key) for key in one.keys],
            made_at=one.made_at,
            ended_at=one.ended_at,
            version=one.version,
        )


class Deed(BaseModel):
    """What somebody did, and when."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"did": "approved", "by": "ines", "at": "2027-01-11T08:30:00Z"}
        }
    )

    did: str
    by: str
    at: datetime


class DoorOut(BaseModel):
    """What came through one door. Pairs are positions: after the first, up to the second."""

    door: str
    name: str
    given: list[tuple[int, int]]
    confirmed: list[tuple[int, int]]
    open: int
    given_up: list[int]
    last_at: datetime | None


class OwedOut(BaseModel):
    """Did they get everything? `missing` are positions, the first fifty."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "name": "ran-nord",
                "upto": 120,
                "owed": 80,
                "given": 80,
                "confirmed": 79,
                "everything": False,
                "missing": [118],
                "doors": [],
            }
        }
    )

    name: str
    upto: int
    owed: int
    given: int
    confirmed: int
    everything: bool
    missing: list[int]
    doors: list[DoorOut]
