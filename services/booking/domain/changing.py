"""Changing what an occasion is: its capacity, time, room, leaders and words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from services.booking.domain.activity import ensure_line, ensure_title
from services.booking.domain.deciding import Deciding
from services.booking.domain.facts import LargerThanRoomChanged, TimeOrPlaceChanged
from services.booking.domain.limits import ensure_capacity, ensure_leaders, ensure_length
from services.booking.domain.occasion_state import OccasionState
from services.booking.domain.rules import CapacityBelowTaken, OccasionHasStarted, TimeHasPassed
from shared.kernel.refusal import Refusal
from shared.kernel.wall_clock import ensure_exists_once

Changed = TypeVar("Changed", bound=OccasionState)
T = TypeVar("T")
_NOT_AFTER_START = {"capacity", "starts_local", "zone", "minutes"}
TIME_AND_PLACE = frozenset({"starts_local", "zone", "minutes", "room"})
"""What each party is told of when it changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """New values; None leaves a value as it is. `starts_local` is naive wall-clock time."""

    capacity: int | None = None
    starts_local: datetime | None = None
    zone: str | None = None
    minutes: int | None = None
    room: str | None = None
    leaders: Iterable[str] | None = None
    title: str | None = None
    audience: str | None = None
    flags: tuple[str, ...] | None = None


def apply(occasion: Changed, changes: Changes, now: datetime) -> tuple[Changed, tuple[str, ...]]:
    """The occasion with its new values, and the names of those that really differ.

    Raises CapacityBelowTaken (with the numbers), OccasionHasStarted for a new capacity or time
    from the start on, TimeHasPassed, and what publishing raises.
    """
    changed = replace(
        occasion,
        capacity=_or(changes.capacity, occasion.capacity),
        starts_local=_or(changes.starts_local, occasion.starts_local),
        zone=_or(changes.zone, occasion.zone),
        minutes=_or(changes.minutes, occasion.minutes),
        room=ensure_line(_or(changes.room, occasion.room)),
        leaders=ensure_leaders(_or(changes.leaders, occasion.leaders)),
        title=ensure_title(_or(changes.title, occasion.title)),
        audience=ensure_line(_or(changes.audience, occasion.audience)),
        flags=_or(changes.flags, occasion.flags),
    )
    names = tuple(
        name
        for name in Changes.__dataclass_fields__
        if getattr(changed, name) != getattr(occasion, name)
    )
    _ensure_may_become(occasion, changed, set(names), now)
    return changed, names


def as_wanted(occasion: Changed, changes: Changes) -> Changed | None:
    """The occasion with its new time and room; None when neither is touched or the time is none.

    To know which days of rooms to look at. Whether it may become so, `apply` says.
    """
    if all(getattr(changes, name) is None for name in TIME_AND_PLACE):
        return None
    wanted = replace(
        occasion,
        starts_local=_or(changes.starts_local, occasion.starts_local),
        zone=_or(changes.zone, occasion.zone),
        minutes=_or(changes.minutes, occasion.minutes),
        room=_or(changes.room, occasion.room).strip(),
    )
    try:
        ensure_exists_once(wanted.starts_local, wanted.zone)
        ensure_length(wanted.minutes)
    except Refusal:
        return None
    return wanted


def tell_larger_than_room(deciding: Deciding, capacity_before: int) -> None:
    """Tell each waiting party for which the new capacity decides whether it could ever fit."""
    for index, place in enumerate(deciding.places):
        larger = place.size > deciding.capacity
        if place.state == "waiting" and larger != (place.size > capacity_before):
            deciding.places[index] = deciding.tell(
                place, LargerThanRoomChanged, larger_than_room=larger
            )


def tell_time_or_place(deciding: Deciding, before: OccasionState) -> None:
    """Tell each party, with what the occasion was before. Told last: a dead offer is not moved."""
    for index, place in enumerate(deciding.places):
        deciding.places[index] = deciding.tell(
            place, TimeOrPlaceChanged, before=before, state=place.state
        )


def _ensure_may_become(
    before: OccasionState, after: OccasionState, names: set[str], now: datetime
) -> None:
    if names & _NOT_AFTER_START and now >= before.starts_at:
        raise OccasionHasStarted
    ensure_length(after.minutes)
    ensure_capacity(after.capacity)
    if after.free < 0:
        confirmed, offered = after.people("confirmed"), after.people("offered")
        raise CapacityBelowTaken(taken=confirmed + offered, confirmed=confirmed, offered=offered)
    if names & {"starts_local", "zone"}:
        ensure_exists_once(after.starts_local, after.zone)
        if after.starts_at <= now:
            raise TimeHasPassed


def _or(new: T | None, old: T) -> T:
    return old if new is None else new
