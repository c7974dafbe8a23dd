"""One thing to tell one recipient: its state follows from its deliveries."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from services.notifications.domain import delivery
from services.notifications.domain.recipient_card import Recipient
from shared.kernel.ids import deterministic_id

State = Literal["waiting-for-card", "ready", "superseded", "failed", "sent", "delivered"]
UNSENT: tuple[State, ...] = ("waiting-for-card", "ready")
_RANK: dict[State, int] = {
    "waiting-for-card": 0,
    "ready": 1,
    "superseded": 2,
    "failed": 3,
    "sent": 4,
    "delivered": 5,
}


@dataclass(frozen=True, slots=True)
class Message:
    """What to tell, as facts; its text is made when it is needed and never kept.

    `about` is the subject of what caused it (a booking), `cause` the event or reminder;
    correlation and trace are handed on to whatever is told of the message later.
    """

    id: str
    recipient: Recipient
    about: str
    template: str
    facts: Mapping[str, Any]
    cause: str
    sequence: int
    state: State
    created_at: datetime
    version: int = 1
    correlation_id: str | None = None
    traceparent: str | None = None


def message_id(cause: str, template: str) -> str:
    """One message per event (or reminder) and template, however often the cause comes."""
    return deterministic_id("message", cause, template)


def outcome(deliveries: Collection[delivery.State]) -> State:
    """The best that any channel reached; failed only when every one did."""
    states = set(deliveries)
    if "delivered" in states:
        return "delivered"
    if states & delivery.TAKEN:
        return "sent"
    if states & {"queued", "sending", "unresolved", "uncertain"}:
        return "ready"
    return "failed" if "failed" in states else "superseded"


def moves_on(known: State, new: State) -> bool:
    """Whether the new state says more. A late report may still make good what had failed."""
    return _RANK[new] > _RANK[known]
