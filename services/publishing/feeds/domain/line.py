"""One webhook's place in the log: how far it has read, and what is still open behind that.

The log itself is the queue. A webhook reads on as long as not too much is open; an entry that does
not arrive holds back the later ones of its own subject, and no others. So a partner that is away
for a week costs a window of open entries, not a week of rows.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from services.publishing.feeds.domain.retry_plan import LONGEST_WAIT, next_try

WINDOW = 200
"""Entries that may be open at a time, for one webhook."""

IN_A_ROW = 3
"""Failures without a success between, after which one at a time is tried."""

_FIRST_REST = timedelta(seconds=5)
_LONGEST_REST = timedelta(minutes=5)


class Wanted(NamedTuple):
    """An entry that the webhook is to get."""

    position: int
    event_id: str
    subject: str


@dataclass(frozen=True, slots=True)
class Open:
    """Read, and not settled. `due_at` None: at once."""

    position: int
    event_id: str
    subject: str
    failures: int = 0
    due_at: datetime | None = None
    first_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """Everything up to `read_up_to` that is not in `open` is settled: taken, or given up."""

    read_up_to: int = 0
    open: tuple[Open, ...] = ()
    in_a_row: int = 0
    resting_until: datetime | None = None
    last_taken_at: datetime | None = None

    @property
    def room(self) -> int:
        """How many more entries may be read."""
        return max(0, WINDOW - len(self.open))


def read_on(line: Line, wanted: Sequence[Wanted], read_up_to: int) -> Line:
    """More of the log: what is wanted of it is open now. In the order of the log."""
    if read_up_to < line.read_up_to:
        raise ValueError("a line reads forward")
    added = tuple(Open(*one) for one in wanted if one.position > line.read_up_to)
    return replace(line, read_up_to=read_up_to, open=line.open + added)


def ready(line: Line, now: datetime, busy: Collection[int], at_once: int) -> list[Open]:
    """What may be sent now, beside what is `busy` (positions on their way), `at_once` together.

    Of each subject the first open one only. While the receiver rests, nothing; after several
    failures in a row, one.
    """
    if line.resting_until is not None and now < line.resting_until:
        return []
    most = (1 if line.in_a_row >= IN_A_ROW else at_once) - len(busy)
    if most <= 0:
        return []
    found: list[Open] = []
    seen: set[str] = set()
    for one in line.open:
        if one.subject in seen:
            continue
        seen.add(one.subject)
        if one.position not in busy and (one.due_at is None or one.due_at <= now):
            found.append(one)
            if len(found) == most:
                break
    return found


def next_due(line: Line, busy: Collection[int]) -> datetime | None:
    """When to look again if nothing comes meanwhile; None: only when something comes."""
    heads: dict[str, Open] = {}
    for one in line.open:
        heads.setdefault(one.subject, one)
    times = [one.due_at for one in heads.values() if one.due_at and one.position not in busy]
    waiting = any(one.due_at is None and one.position not in busy for one in heads.values())
    due = min(times, default=None)
    if line.resting_until is None:
        return due
    if waiting or due is not None:
        return line.resting_until if due is None or waiting else max(due, line.resting_until)
    return None


def taken(line: Line, position: int, now: datetime) -> Line:
    """It arrived."""
    return replace(
        line,
        open=_without(line, position),
        in_a_row=0,
        resting_until=None,
        last_taken_at=now,
    )


class Failed(NamedTuple):
    """The line after a failure; `given_up` when that was its last try."""

    line: Line
    given_up: Open | None


def failed(
    line: Line,
    position: int,
    now: datetime,
    *,
    chance: float,
    retry_after: timedelta | None = None,
    slow_down: bool = False,
) -> Failed:
    """It did not arrive. `slow_down`: the receiver asks for rest, from everything."""
    one = next((each for each in line.open if each.position == position), None)
    if one is None:
        return Failed(line, None)
    in_a_row = line.in_a_row + 1
    rests = line.resting_until
    if slow_down or in_a_row >= IN_A_ROW:
        doubled = min(_FIRST_REST * 2 ** min(in_a_row - 1, 20), _LONGEST_REST)
        wish = min(retry_after or timedelta(), LONGEST_WAIT) if slow_down else timedelta()
        rests = max(rests or now, now + max(doubled if in_a_row >= IN_A_ROW else _FIRST_REST, wish))
    due = next_try(one.failures + 1, now, chance=chance, retry_after=retry_after)
    line = replace(line, in_a_row=in_a_row, resting_until=rests)
    if due is None:
        return Failed(replace(line, open=_without(line, position)), one)
    again = replace(one, failures=one.failures + 1, due_at=due, first_at=one.first_at or now)
    later = tuple(again if each.position == position else each for each in line.open)
    return Failed(replace(line, open=later), None)


def is_dead(line: Line, given_up: Open) -> bool:
    """Whether nothing arrived since this entry was first tried: the receiver is not there."""
    return line.last_taken_at is None or (
        given_up.first_at is not None and line.last_taken_at < given_up.first_at
    )


def replayed(line: Line, after: int) -> Line:
    """Everything after this position again; what is open before it stays open."""
    kept = tuple(one for one in line.open if one.position <= after)
    return replace(
        line,
        read_up_to=min(after, line.read_up_to),
        open=kept,
        in_a_row=0,
        resting_until=None,
    )


def rested(line: Line) -> Line:
    """Switched on again: everything that is open is due at once, with all its tries before it."""
    fresh = tuple(replace(one, failures=0, due_at=None, first_at=None) for one in line.open)
    return replace(line, open=fresh, in_a_row=0, resting_until=None)


def _without(line: Line, position: int) -> tuple[Open, ...]:
    return tuple(one for one in line.open if one.position != position)
