"""Did they get everything? What a partner was owed, and what it got, door by door."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.publishing.feeds.domain.entry import seen_with
from services.publishing.feeds.domain.filters import Filter
from services.publishing.feeds.domain.ranges import Range, Ranges, outside, with_range

Door = Literal["feed", "stream", "webhook"]
MOST_NAMED = 50


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What a partner may have, of everything after this position. Later ones replace earlier."""

    after: int
    scopes: frozenset[str]
    only: Filter

    def owes(self, scope: str, event_type: str, places: Collection[str]) -> bool:
        """Whether an entry of that scope, type and place is meant for the partner."""
        return scope in seen_with(self.scopes) and self.only.wants(event_type, places)


def in_force(entitlements: Sequence[Entitlement], position: int) -> Entitlement | None:
    """The one that counts for a position of the log: the last that begins before it."""
    return next((one for one in reversed(entitlements) if one.after < position), None)


@dataclass(frozen=True, slots=True)
class Got:
    """What came through one door. `name`: which webhook; empty for the two others.

    `confirmed`: the partner has said so, by an answer of 2xx or by going on after it. `given` may
    be more: sent, and not heard of since.
    """

    door: Door
    name: str
    given: Ranges
    confirmed: Ranges
    open: int = 0
    given_up: tuple[int, ...] = ()
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reckoning:
    """`missing`: owed, and confirmed through no door; the first of them."""

    owed: int
    confirmed: int
    given: int
    missing: tuple[int, ...]

    @property
    def everything(self) -> bool:
        """Whether the partner has said of every entry that it has it."""
        return self.confirmed == self.owed


def reckoned(owed: Iterable[int], got: Sequence[Got]) -> Reckoning:
    """`owed`: positions, in order. One door is enough: the same entry is in all of them."""
    positions = list(owed)
    missing = outside(_all(one.confirmed for one in got), positions)
    not_given = outside(_all((*one.given, *one.confirmed) for one in got), positions)
    return Reckoning(
        owed=len(positions),
        confirmed=len(positions) - len(missing),
        given=len(positions) - len(not_given),
        missing=tuple(missing[:MOST_NAMED]),
    )


def of_webhook(
    *, since: int, read_up_to: int, open_positions: Collection[int], given_up: Collection[int]
) -> Ranges:
    """What a webhook has confirmed: all it has read since it began, less what is open or lost."""
    holes = sorted({*open_positions, *given_up})
    found: list[Range] = []
    after = since
    for hole in (*(one for one in holes if since < one <= read_up_to), read_up_to + 1):
        if hole - 1 > after:
            found.append(Range(after, hole - 1))
        after = hole
    return tuple(found)


def _all(many: Iterable[Iterable[Range]]) -> Ranges:
    found: Ranges = ()
    for ranges in many:
        for one in ranges:
            found = with_range(found, one.after, one.upto)
    return found
