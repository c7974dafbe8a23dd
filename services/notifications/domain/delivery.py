"""One message on one channel: its states, and the lattice that makes late reports harmless."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.notifications.domain.channel_plan import Channel
from services.notifications.domain.recipient_card import Recipient
from shared.kernel.ids import deterministic_id

State = Literal[
    "queued", "sending", "unresolved", "uncertain", "accepted", "sent", "failed", "delivered",
    "superseded",
]  # fmt: skip

_RANK: dict[State, int] = {
    "queued": 0,
    "sending": 1,
    "unresolved": 2,
    "superseded": 3,
    "uncertain": 4,
    "accepted": 5,
    "sent": 6,
    "failed": 7,
    "delivered": 8,
}
TAKEN: frozenset[State] = frozenset({"accepted", "sent", "delivered"})
"""A provider has it."""
IN_HAND: tuple[State, ...] = ("sending", "unresolved")
"""It may have left the house, and nobody knows yet: such a one holds its number."""

_REPORTS: dict[str, State] = {
    "created": "accepted",
    "sent": "sent",
    "failed": "failed",
    "delivered": "delivered",
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """A row of the delivery queue.

    `due_at` is real time (pauses after errors); `not_before` is domain time (quiet hours);
    `number` is the number's fingerprint; `attempt_at` the moment of the last hand-over.
    """

    id: str
    message_id: str
    recipient: Recipient
    about: str
    channel: Channel
    state: State
    due_at: datetime
    not_before: datetime
    number: str | None = None
    attempt: int = 0
    attempt_at: datetime | None = None
    provider_id: str | None = None
    why: str | None = None
    version: int = 1


def delivery_id(message_id: str, channel: Channel) -> str:
    """One delivery per message and channel."""
    return deterministic_id("delivery", message_id, channel)


def reported(status: str) -> State | None:
    """A provider's word as a state of ours (46elks.se/docs/sms-delivery-reports); else None."""
    return _REPORTS.get(status)


def join(known: State, report: State) -> State:
    """What is known after a report, in whatever order and however often reports come.

    A report proves that the provider had it, so it outranks every guess of ours; `delivered`
    outranks `failed`, as a phone that showed it has shown it.
    """
    return max(known, report, key=_RANK.__getitem__)


def below(state: State) -> tuple[State, ...]:
    """The states that this one moves on from."""
    return tuple(known for known, rank in _RANK.items() if rank < _RANK[state])
