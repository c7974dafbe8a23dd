"""What an event contract is. A version once published never changes: additive only, or a new one.

Type, routing key and schema names follow from teller, name and version (DESIGN §7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

Audience = Literal["internal", "partner", "public"]


class Contract(BaseModel):
    """One version of one event's data. Unknown fields are ignored, so tellers may add."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    teller: ClassVar[str]
    name: ClassVar[str]
    version: ClassVar[int] = 1
    audience: ClassVar[Audience] = "internal"
    sealed: ClassVar[bool] = False
    """The data carries a sealed body: emptied from the outbox at confirm, short-lived if parked."""

    @classmethod
    def event_type(cls) -> str:
        """The CloudEvents type, e.g. `se.safespace.booking.booking-confirmed.v1`."""
        return f"se.safespace.{cls.routing_key()}"

    @classmethod
    def routing_key(cls) -> str:
        """The AMQP routing key, e.g. `booking.booking-confirmed.v1`."""
        return f"{cls.teller}.{cls.name}.v{cls.version}"


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened, on its way out: which subject it is about and its place there.

    `fresh_trace` starts a new trace and correlation, so that nothing joins it to its cause
    (sealed support requests; whatever mentoring tells others).
    """

    data: Contract
    subject: str
    sequence: int
    fresh_trace: bool = False
