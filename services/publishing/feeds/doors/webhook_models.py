"""Requests and answers around webhooks."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.publishing.feeds.domain.endpoint import Endpoint
from services.publishing.feeds.doors.models import FilterModel
from services.publishing.feeds.storage.webhook_documents import Attempt, Errand
from services.publishing.feeds.use_cases.keep_webhooks import WebhookWanted
from shared.web.whole_number import WholeNumber

_URL = "https://mottagare.partner.example/safespace"
_ID = "0190b6c6-0000-7000-9000-000000000001"
_AT = "2027-01-11T08:30:00Z"


class WebhookChange(BaseModel):
    """Where, what and how much. `thin`: without the data, which is fetched at `dataref`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"url": _URL, "only": {"types": []}, "thin": True}},
    )

    url: str = Field(max_length=2000)
    only: FilterModel = Field(default_factory=FilterModel)
    thin: bool = True


class NewWebhook(WebhookChange):
    """`v1a`: signed so that you need no secret; `v1`: with a shared one. `history`: all of it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"url": _URL, "thin": True, "scheme": "v1a", "history": False}
        },
    )

    scheme: Literal["v1", "v1a"] = "v1a"
    history: bool = False

    def wanted(self) -> WebhookWanted:
        """As the use case takes it."""
        return WebhookWanted(
            url=self.url,
            only=self.only.filter(),
            thin=self.thin,
            scheme=self.scheme,
            history=self.history,
        )


_WEBHOOK: dict[str, Any] = {
    "id": _ID,
    "url": _URL,
    "only": {"types": [], "places": []},
    "thin": True,
    "off": None,
    "off_at": None,
    "read_up_to": 120,
    "open": 0,
    "failing": 0,
    "last_taken_at": _AT,
    "version": 1,
}


class WebhookOut(BaseModel):
    """A webhook and how it is doing. `failing`: failures in a row."""

    model_config = ConfigDict(json_schema_extra={"example": _WEBHOOK})

    id: str
    url: str
    only: FilterModel
    thin: bool
    off: str | None
    off_at: datetime | None
    read_up_to: int
    open: int
    failing: int
    last_taken_at: datetime | None
    version: int

    @classmethod
    def of(cls, one: Endpoint) -> WebhookOut:
        """As it is answered."""
        return cls(**_shared(one))


class WebhookShown(WebhookOut):
    """With what the receiver checks signatures with.

    A `v1` secret is shown this once: a copy of the request is answered without it.
    """

    model_config = ConfigDict(json_schema_extra={"example": {**_WEBHOOK, "secret": "whpk_…"}})

    secret: str | None

    @classmethod
    def of(cls, one: Endpoint, with_secret: bool = True) -> WebhookShown:
        """As it is answered; a public key is no secret, and is always there."""
        newest = one.secrets[0]
        says = with_secret or newest.scheme == "v1a"
        return cls(**_shared(one), secret=newest.for_the_receiver() if says else None)


class Rotation(BaseModel):
    """Which kind of secret is next."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"scheme": "v1a"}})

    scheme: Literal["v1", "v1a"] = "v1a"


class ResendWanted(BaseModel):
    """Which entry again."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"event_id": _ID}})

    event_id: str = Field(min_length=1, max_length=100)


class ReplayWanted(BaseModel):
    """Everything after a position, or since a time: one of the two."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"after": 0}})

    after: WholeNumber | None = Field(None, ge=0, le=2**53)
    since: AwareDatetime | None = None


class ErrandOut(BaseModel):
    """What was asked for, and what became of it. `status`: what the receiver answered."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"id": _ID, "kind": "ping", "state": "waiting", "status": 0, "why": ""}
        }
    )

    id: str
    kind: str
    state: str
    status: int
    why: str

    @classmethod
    def of(cls, one: Errand) -> ErrandOut:
        """As it is answered."""
        return cls(id=one.id, kind=one.kind, state=one.state, status=one.status, why=one.why)


class AttemptOut(BaseModel):
    """One try. `status` 0: nothing came back, and `why` says what happened."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "event_id": _ID,
                "kind": "entry",
                "status": 200,
                "why": "",
                "milliseconds": 41,
                "at": _AT,
            }
        }
    )

    event_id: str
    kind: str
    status: int
    why: str
    milliseconds: int
    at: datetime

    @classmethod
    def of(cls, one: Attempt) -> AttemptOut:
        """As it is answered."""
        return cls(
            event_id=one.event_id,
            kind=one.kind,
            status=one.status,
            why=one.why,
            milliseconds=one.milliseconds,
            at=one.at,
        )


class NoticeOut(BaseModel):
    """Something to know about the connection, such as a webhook that was switched off."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"kind": "webhook-gone", "about": _ID, "at": _AT}}
    )

    kind: str
    about: str
    at: datetime


class Items(BaseModel):
    """A short list, whole."""

    items: list[Any]


def items_example(model: type[BaseModel]) -> dict[int | str, dict[str, Any]]:
    """A short list, as the API's description has it."""
    example = model.model_config["json_schema_extra"]
    assert isinstance(example, dict)  # noqa: S101 - every model that is answered has one
    content = {"application/json": {"example": {"items": [example["example"]]}}}
    return {200: {"description": "Listan.", "content": content}}


def _shared(one: Endpoint) -> dict[str, Any]:
    return {
        "id": one.id,
        "url": one.url,
        "only": FilterModel.of(one.only),
        "thin": one.thin,
        "off": one.off,
        "off_at": one.off_at,
        "read_up_to": one.line.read_up_to,
        "open": len(one.line.open),
        "failing": one.line.in_a_row,
        "last_taken_at": one.line.last_taken_at,
        "version": one.version,
    }
