"""Who may be granted places: fit-first with ageing.

A party that fits is granted places even when a larger one ahead of it must wait on. Each time that
happens, the one who waits is *overtaken*. Overtaken three times it is *aged*, and nobody behind it
is granted anything until it is served or leaves, or three working days remain before the start:
then empty chairs matter more than turns. A party larger than the room can never be served, so it
neither ages nor stops anybody.
"""

from __future__ import annotations

from dataclasses import replace

from services.booking.domain.deciding import Deciding
from services.booking.domain.place import Place
from services.booking.domain.turns import AGED_AFTER, PURE_FIT_DAYS


def free_places(deciding: Deciding) -> int:
    """Capacity less what is confirmed and what open offers hold."""
    # Lists, not generators, here and below: this runs for every party on every decision.
    return deciding.capacity - sum([p.size for p in deciding.places if p.state != "waiting"])


def is_aged(place: Place, capacity: int) -> bool:
    """Whether a party has been overtaken so often that nobody behind it may be granted places."""
    return place.overtaken >= AGED_AFTER and place.state == "waiting" and place.size <= capacity


def in_last_days(deciding: Deciding) -> bool:
    """Whether at most three working days remain, so that only fitting counts."""
    if deciding.last_days is None:
        begin = deciding.office.begin_of_last_days(deciding.starts_at, PURE_FIT_DAYS)
        deciding.last_days = deciding.now >= begin
    return deciding.last_days


def line_is_held(deciding: Deciding) -> bool:
    """Whether an aged party stops everybody who stands last in line."""
    passed = [place for place in deciding.places if place.overtaken]
    aged = any(is_aged(place, deciding.capacity) for place in passed)
    return aged and not in_last_days(deciding)


def grantable_last(deciding: Deciding, size: int) -> bool:
    """Whether so many places can be granted to one who stands last in line.

    A new booking stands last, and so does a wish to grow: it is asked for now.
    """
    return size <= free_places(deciding) and not line_is_held(deciding)


def overtake_all(deciding: Deciding, free: int) -> None:
    """Someone last in line is granted places: all who wait and do not fit `free` are overtaken."""
    capacity = deciding.capacity
    for index, place in enumerate(deciding.places):
        if place.size > free and place.state == "waiting" and place.size <= capacity:
            deciding.places[index] = replace(place, overtaken=place.overtaken + 1)
