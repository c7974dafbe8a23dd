"""What occasions do to the days of rooms: they occupy, and say so where a hold was first. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from services.booking.domain.occasion_state import OccasionState
from services.booking.domain.room import room_id
from services.booking.domain.room_day import Claim, DayKey, RoomDay, days_of

ROOM_TAKEN = "room-taken"
"""The flag of an occasion where somebody in the house holds the room."""
Changed = TypeVar("Changed", bound=OccasionState)


def claim_of(occasion: OccasionState) -> Claim:
    """The occasion as it stands in the days of its room."""
    return Claim(occasion.id, "occasion", occasion.starts_at, occasion.ends_at)


def keys_of(occasion: OccasionState) -> tuple[DayKey, ...]:
    """The days of its room that it touches; none when it has no room or is cancelled."""
    if not occasion.room or occasion.cancelled is not None:
        return ()
    return days_of(room_id(occasion.room), occasion.starts_at, occasion.ends_at)


def occupied(
    days: Mapping[DayKey, RoomDay], before: OccasionState | None, after: OccasionState
) -> dict[DayKey, RoomDay]:
    """The days that change when an occasion comes, moves or is cancelled."""
    old = {} if before is None else dict.fromkeys(keys_of(before), claim_of(before))
    new = dict.fromkeys(keys_of(after), claim_of(after))
    if old == new:
        return {}
    changed = {key: days[key].without(after.id) for key in old}
    for key, claim in new.items():
        changed[key] = changed.get(key, days[key]).occupy(claim)
    return changed


def flagged(occasion: Changed, days: Mapping[DayKey, RoomDay]) -> Changed:
    """With the flag where a hold was first, without it where none is; the days must be there."""
    claim = claim_of(occasion)
    taken = any(days[key].holds_over(claim) for key in keys_of(occasion))
    if taken == (ROOM_TAKEN in occasion.flags):
        return occasion
    flags = {*occasion.flags, ROOM_TAKEN} if taken else {*occasion.flags} - {ROOM_TAKEN}
    return replace(occasion, flags=tuple(sorted(flags)))


def freed_of(days: Mapping[DayKey, RoomDay], gone: Claim) -> tuple[str, ...]:
    """The occasions that wanted what a hold had, and that no other hold is in the way of now.

    `days` are those of the hold, without it. An occasion that goes on into a day that is not among
    them keeps its flag if the hold in its way is there: the flag then is older than the truth.
    """
    occasions = {
        each
        for day in days.values()
        for each in day.claims
        if each.kind == "occasion" and each.overlaps(gone)
    }
    return tuple(
        sorted(
            each.id for each in occasions if not any(day.holds_over(each) for day in days.values())
        )
    )
