"""Structured CloudEvents 1.0.2 JSON (https://github.com/cloudevents/spec), as sent on the bus."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.contracts.event import News

CONTENT_TYPE = "application/cloudevents+json"


class Envelope(BaseModel):
    """One event: who told it, about what, in which order, because of what; and its data."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: str = "1.0"
    id: str
    source: str
    type: str
    subject: str
    time: AwareDatetime
    sequence: int = Field(ge=0)
    correlationid: str
    causationid: str | None = None
    traceparent: str | None = None
    dataschema: str
    datacontenttype: str = "application/json"
    data: dict[str, Any]

    @property
    def teller(self) -> str:
        """The service that told it (`/booking` → `booking`)."""
        return self.source.removeprefix("/")

    def to_bytes(self) -> bytes:
        """The JSON body as it goes on the bus."""
        return self.model_dump_json(exclude_none=True).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> Envelope:
        """Read a body from the bus.

        Raises:
            pydantic.ValidationError: the body is not a CloudEvent of ours.
        """
        return cls.model_validate_json(body)


def wrap(
    news: News,
    *,
    event_id: str,
    at: datetime,
    correlation_id: str,
    causation_id: str | None = None,
    traceparent: str | None = None,
) -> Envelope:
    """Put an event into its envelope."""
    kind = type(news.data)
    return Envelope(
        id=event_id,
        source=f"/{kind.teller}",
        type=kind.event_type(),
        subject=news.subject,
        time=at,
        sequence=news.sequence,
        correlationid=correlation_id,
        causationid=causation_id,
        traceparent=traceparent,
        dataschema=f"/schemas/{kind.routing_key()}.json",
        data=news.data.model_dump(mode="json"),
    )
