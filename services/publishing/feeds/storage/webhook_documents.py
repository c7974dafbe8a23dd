"""How webhooks, their tries and errands are written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.publishing.feeds.domain.endpoint import Endpoint
from services.publishing.feeds.domain.line import Line, Open, rested
from services.publishing.feeds.domain.ranges import Range, Ranges
from services.publishing.storage.feed_indexes import ENDPOINTS
from shared.mongo.client import Document


@dataclass(frozen=True, slots=True)
class Held:
    """A webhook in somebody's hands. `confirmed`: what it had before it was set back."""

    endpoint: Endpoint
    turn: int
    confirmed: Ranges = ()


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a webhook stands, as its holder says: `turn` is whose word it is.

    `as_of`: the webhook's version that the holder goes by.
    """

    webhook: str
    turn: int
    line: Line
    confirmed: Ranges
    as_of: int


@dataclass(frozen=True, slots=True)
class Lost:
    """An entry that was given up after its last try."""

    webhook: str
    position: int
    event_id: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: what came back, and how long it took. `status` 0: nothing came back."""

    id: str
    webhook: str
    event_id: str
    kind: str
    status: int
    why: str
    milliseconds: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Errand:
    """Something that a webhook is asked to do besides: `ping`, `resend` or `replay`."""

    id: str
    webhook: str
    kind: str
    event_id: str = ""
    after: int = 0
    state: str = "waiting"
    status: int = 0
    why: str = ""


def whose(webhook_id: str) -> str:
    """Under which key its secrets lie."""
    return f"webhook/{webhook_id}"


def record_of(secret_id: str) -> str:
    """Where a secret stands, so that it opens nowhere else."""
    return f"{ENDPOINTS}/{secret_id}"


def line_document(line: Line, as_of: int = 0) -> Document:
    """As it is kept. `as_of`: by which version of its webhook."""
    return {
        "as_of": as_of,
        "read_up_to": line.read_up_to,
        "open": [
            [one.position, one.event_id, one.subject, one.failures, one.due_at, one.first_at]
            for one in line.open
        ],
        "in_a_row": line.in_a_row,
        "resting_until": line.resting_until,
        "last_taken_at": line.last_taken_at,
    }


def line_in(row: Mapping[str, Any]) -> Line:
    """Where a webhook stands: rested, if it was switched on after that was written.

    Whoever switches it on does not write the line: its holder may be about to.
    """
    line = line_of(row["line"])
    on_again = row.get("switched_on", 0) > row["line"].get("as_of", 0)
    return rested(line) if on_again else line


def line_of(row: Mapping[str, Any]) -> Line:
    """As it was kept."""
    return Line(
        read_up_to=row["read_up_to"],
        open=tuple(Open(*one) for one in row["open"]),
        in_a_row=row["in_a_row"],
        resting_until=row["resting_until"],
        last_taken_at=row["last_taken_at"],
    )


def ranges_of(pairs: Sequence[Sequence[int]]) -> Ranges:
    """As they were kept."""
    return tuple(Range(*pair) for pair in pairs)


def attempt_document(one: Attempt) -> Document:
    """As it is kept."""
    return {
        "_id": one.id,
        "webhook": one.webhook,
        "event_id": one.event_id,
        "kind": one.kind,
        "status": one.status,
        "why": one.why,
        "ms": one.milliseconds,
        "at": one.at,
    }


def attempt_of(row: Document) -> Attempt:
    """As it was kept."""
    return Attempt(
        id=row["_id"],
        webhook=row["webhook"],
        event_id=row["event_id"],
        kind=row["kind"],
        status=row["status"],
        why=row["why"],
        milliseconds=row["ms"],
        at=row["at"],
    )


def errand_of(row: Document) -> Errand:
    """As it was kept."""
    return Errand(
        id=row["_id"],
        webhook=row["webhook"],
        kind=row["kind"],
        event_id=row["event_id"],
        after=row["after"],
        state=row["state"],
        status=row["status"],
        why=row["why"],
    )
