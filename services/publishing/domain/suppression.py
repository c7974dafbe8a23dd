"""Addresses that are not written to. Nothing overrides it: there is no argument for that.

A person's own no to newsletters never stops a message they need (an opt-in they asked for, an
answer about their print order); an address that does not exist, or whose owner called us spam,
stops those too.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Cause = Literal["asked-never-again", "complaint", "dead-address"]
Purpose = Literal["newsletter", "transactional"]

LIFTED_BY_THEIR_OWN_YES: frozenset[Cause] = frozenset({"asked-never-again"})
"""Whoever said never again, and later confirms from that very address, has changed their mind.
Nobody else lifts anything."""
_STOPS: dict[Cause, frozenset[Purpose]] = {
    "asked-never-again": frozenset({"newsletter"}),
    "complaint": frozenset({"newsletter", "transactional"}),
    "dead-address": frozenset({"newsletter", "transactional"}),
}


@dataclass(frozen=True, slots=True)
class Suppression:
    """`fingerprint` is the mailbox's keyed hash: the list holds no address."""

    fingerprint: str
    cause: Cause
    since: datetime


def stops(causes: Collection[Cause], purpose: Purpose) -> Cause | None:
    """What forbids a message of this purpose to an address; the gravest cause, or None."""
    if not causes:
        return None  # Nearly everybody: it is asked for each row of a file.
    stopping = [cause for cause in causes if purpose in _STOPS[cause]]
    return max(stopping, key=_gravity, default=None)


def _gravity(cause: Cause) -> int:
    return tuple(_STOPS).index(cause)
