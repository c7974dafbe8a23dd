"""What a lost answer means: the provider's own list decides, and time when it is silent.

46elks knows no idempotency key and its list shows no text under `dontlog`, so at most one SMS per
number is unresolved at a time and an entry of that number since the attempt must be it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

SKEW = timedelta(seconds=2)
"""How far the provider's clock may be behind ours."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each kind of not knowing is borne.

    `none_means_retry`: silence of the list for so long means that it never arrived.
    `until_uncertain`: unreachable or unclear for so long means that a person must decide.
    """

    none_means_retry: timedelta = timedelta(seconds=120)
    until_uncertain: timedelta = timedelta(minutes=10)
    look_again: timedelta = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Entry:
    """One SMS in the provider's list."""

    id: str
    created: datetime
    status: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do with an unresolved delivery."""

    kind: Literal["accepted", "retry", "uncertain", "look-again"]
    entry: Entry | None = None


def verdict(
    entries: Sequence[Entry] | None,
    claimed: Collection[str],
    attempt_at: datetime,
    now: datetime,
    patience: Patience,
) -> Verdict:
    """Judge by the provider's list (None: it could not be had). All times are real time."""
    waited = now - attempt_at
    if entries is None:
        return Verdict("uncertain" if waited >= patience.until_uncertain else "look-again")
    ours = [e for e in entries if e.created >= attempt_at - SKEW and e.id not in claimed]
    if ours:
        return Verdict("accepted", min(ours, key=lambda entry: entry.created))
    return Verdict("retry" if waited >= patience.none_means_retry else "look-again")
