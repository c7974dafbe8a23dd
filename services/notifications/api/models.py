"""Requests and answers. No address and no text but in a person's own inbox and the audited read."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from services.notifications.domain.delivery import Delivery
from services.notifications.domain.message import Message
from services.notifications.use_cases.decide_uncertain import Decision
from services.notifications.use_cases.see_reach import Reached

_ID = "0199c0de-0000-7000-8000-00000000000"
_AT = "2027-01-14T09:30:00Z"
_DELIVERY: dict[str, JsonValue] = {
    "id": f"{_ID}3",
    "message_id": f"{_ID}2",
    "about": f"{_ID}1",
    "channel": "sms",
    "state": "delivered",
    "attempts": 1,
    "due_at": _AT,
    "last_attempt_at": _AT,
    "why": None,
    "version": 4,
}
_MESSAGE: dict[str, JsonValue] = {
    "id": f"{_ID}2",
    "source": "booking",
    "recipient_id": f"{_ID}0",
    "about": f"{_ID}1",
    "template": "confirmed",
    "state": "delivered",
    "cause": f"{_ID}4",
    "created_at": _AT,
    "version": 3,
}

State = Literal["waiting-for-card", "ready", "superseded", "failed", "sent", "delivered"]
DeliveryState = Literal[
    "queued",
    "sending",
    "unresolved",
    "uncertain",
    "accepted",
    "sent",
    "failed",
    "delivered",
    "superseded",
]


class DeliveryOut(BaseModel):
    """One message on one channel."""

    model_config = ConfigDict(json_schema_extra={"example": _DELIVERY})

    id: str
    message_id: str
    about: str = Field(description="vad det gäller, t.ex. en boknings id")
    channel: Literal["sms", "email"]
    state: DeliveryState
    attempts: int = Field(ge=0)
    due_at: datetime
    last_attempt_at: datetime | None
    why: str | None = Field(description="varför det inte gick, t.ex. no-address")
    version: int

    @classmethod
    def of(cls, row: Delivery) -> DeliveryOut:
        """What may be shown of it."""
        return cls(
            id=row.id,
            message_id=row.message_id,
            about=row.about,
            channel=row.channel,
            state=row.state,
            attempts=row.attempt,
            due_at=row.due_at,
            last_attempt_at=row.attempt_at,
            why=row.why,
            version=row.version,
        )


class MessageOut(BaseModel):
    """One thing that one recipient is told: which, about what, how far it came."""

    model_config = ConfigDict(json_schema_extra={"example": _MESSAGE})

    id: str
    source: str
    recipient_id: str
    about: str
    template: str
    state: State
    cause: str = Field(description="händelsen eller påminnelsen som ledde hit")
    created_at: datetime
    version: int

    @classmethod
    def fields_of(cls, message: Message) -> dict[str, Any]:
        """What may be shown of it."""
        return {
            "id": message.id,
            "source": message.recipient.source,
            "recipient_id": message.recipient.id,
            "about": message.about,
            "template": message.template,
            "state": message.state,
            "cause": message.cause,
            "created_at": message.created_at,
            "version": message.version,
        }


class MessageShown(MessageOut):
    """A message with its deliveries."""

    model_config = ConfigDict(
        json_schema_extra={"example": {**_MESSAGE, "deliveries": [_DELIVERY]}}
    )

    deliveries: list[DeliveryOut]


class VerdictIn(BaseModel):
    """What a person found out about a delivery that nobody knew the fate of."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"verdict": "arrived"}})

    verdict: Decision = Field(
        description="arrived: kom fram; lost: kom inte fram; send-again: skicka en gång till"
    )


_REACH: dict[str, JsonValue] = {"about": f"{_ID}1", "channel": "sms", "reminded": False}


class ReachOut(BaseModel):
    """By which channel a reminder of a booking would go; null: by none."""

    model_config = ConfigDict(json_schema_extra={"example": _REACH})

    about: str
    channel: Literal["sms", "email"] | None
    reminded: bool = Field(description="redan påmind i dag, eller på väg att bli det")

    @classmethod
    def of(cls, found: Reached) -> ReachOut:
        """What may be shown of it."""
        return cls(about=found.about, channel=found.channel, reminded=found.reminded)


class Reach(BaseModel):
    """Of each booking that was asked about, in that order."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [_REACH]}})

    items: list[ReachOut]


class ContactOut(BaseModel):
    """A recipient's addresses. Each reading is recorded before this leaves."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "recipient_id": f"{_ID}0",
                "name": "Kim Exempel",
                "phone": "+46701740605",
                "email": "kim@skola.example",
                "language": "sv",
            }
        }
    )

    recipient_id: str
    name: str
    phone: str | None
    email: str | None
    language: Literal["sv", "en"]


class InboxMessage(BaseModel):
    """A message as its recipient reads it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": f"{_ID}2",
                "title": "Plats bokad",
                "body": "Ni har 28 platser: Källkritik, torsdag 28 januari kl. 13:30, Sal 2.",
                "about": f"{_ID}1",
                "template": "confirmed",
                "at": _AT,
                "version": 2,
            }
        }
    )

    id: str
    title: str
    body: str
    about: str
    template: str
    at: datetime
    version: int


class Inbox(BaseModel):
    """A page of the inbox, newest first, and where its stream goes on."""

    items: list[InboxMessage]
    total: int = Field(ge=0)
    limit: int
    offset: int
    stream_from: str = Field(
        description="Last-Event-ID för /v1/my-inbox/stream: allt nytt sedan den här sidan lästes"
    )


class TemplateOut(BaseModel):
    """A message's form: what it is for, which channels, which variables."""

    name: str
    about: str
    email: Literal["also", "instead", "never"]
    variables: dict[str, str] = Field(description="namn → betydelse")


class PreviewOut(BaseModel):
    """A template with sample facts, as it would be sent."""

    name: str
    language: Literal["sv", "en"]
    sms: str
    sms_alphabet: Literal["gsm-7", "ucs-2"]
    sms_parts: int = Field(ge=1)
    subject: str | None
    text: str | None
    html: str | None
    title: str | None
    body: str | None
