"""A single letter of our own: asked for by one person, or by what one person did.

    queued ──▶ sending ──▶ sent | failed | uncertain (its answer was lost)
      ▲           └── not now: later
      └── withdrawn: there is nothing to say any more

A letter holds no address and no words: whoever writes its kind looks them up when it goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from services.publishing.domain.address import Address

Kind = Literal["opt-in", "already-on", "print-order", "test"]
State = Literal["queued", "sending", "sent", "failed", "uncertain", "withdrawn"]

GIVE_UP_AFTER = timedelta(days=2)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Letter:
    """`about` is whose or what it is: a subscriber's, an order's or a newsletter's id."""

    id: str
    kind: Kind
    about: str
    language: str
    due_at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)
    state: State = "queued"
    attempt: int = 0
    made_at: datetime | None = None
    why: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Written:
    """The whole letter, to be sent now. `headers` come beside the usual ones."""

    to: Address
    subject: str
    text: str
    html: str
    headers: Mapping[str, str] = field(default_factory=dict)


def next_try(letter: Letter, now: datetime) -> datetime | None:
    """When to try again after the `attempt`-th try; None when it was tried for two days."""
    if letter.made_at is not None and now - letter.made_at >= GIVE_UP_AFTER:
        return None
    doubled: timedelta = FIRST_PAUSE * 2 ** min(letter.attempt - 1, 10)
    return now + min(doubled, LONGEST_PAUSE)
