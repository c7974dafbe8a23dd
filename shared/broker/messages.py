"""A message on its way out, and one that came in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

HeaderValue = str | int
Ack = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What to publish where. Always persistent, always confirmed, under a fresh message id."""

    exchange: str
    routing_key: str
    body: bytes
    content_type: str = "application/cloudevents+json"
    event_type: str | None = None
    headers: Mapping[str, HeaderValue] = field(default_factory=dict)
    mandatory: bool = True


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came in from a queue. It is delivered again until `ack` has been called.

    `user`: who published it, if they said so; the broker lets nobody say another's name.
    """

    queue: str
    routing_key: str
    body: bytes
    headers: Mapping[str, Any]
    redelivered: bool
    ack: Ack
    user: str = ""


Receive = Callable[[Delivery], Awaitable[None]]
