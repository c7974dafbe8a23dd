"""The whole decision about one room on one day: who has it when. One document, one version.

A day is the local date where the room is. A claim that crosses midnight stands, whole, in each day
that it touches, and all of those are saved together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from services.booking.domain.room import ROOM_ZONE
from services.booking.domain.room_rules import RoomIsTaken

ClaimKind = Literal["hold", "occasion"]
_MOMENT = timedelta(microseconds=1)


class DayKey(NamedTuple):
    """Which room, which local date."""

    room_id: str
    day: date


@dataclass(frozen=True, slots=True)
class Claim:
    """A room held for an interval (aware, UTC, the end not included).

    `purpose` is a line of staff's about an internal hold; most have none.
    """

    id: str
    kind: ClaimKind
    starts_at: datetime
    ends_at: datetime
    purpose: str = ""

    def overlaps(self, other: Claim) -> bool:
        """Whether there is a moment that both want."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class RoomDay:
    """The claims on one room that touch one day, earliest first. `version` is storage's."""

    key: DayKey
    claims: tuple[Claim, ...] = ()
    version: int = 0

    def hold(self, claim: Claim) -> RoomDay:
        """With an internal hold: it never overlaps anything. Raises RoomIsTaken."""
        if any(claim.overlaps(other) for other in self.claims):
            raise RoomIsTaken
        return _with(self, claim)

    def occupy(self, claim: Claim) -> RoomDay:
        """With an occasion, over whatever is there: staff see it flagged, and decide."""
        return _with(self.without(claim.id), claim)

    def without(self, claim_id: str) -> RoomDay:
        """Without a claim, if it was there at all."""
        return replace(self, claims=tuple(each for each in self.claims if each.id != claim_id))

    def holds_over(self, claim: Claim) -> bool:
        """Whether an internal hold and this claim want the same moment."""
        return any(each.kind == "hold" and each.overlaps(claim) for each in self.claims)


Days = Mapping[DayKey, RoomDay]


def days_of(room_id: str, starts_at: datetime, ends_at: datetime) -> tuple[DayKey, ...]:
    """The days that an interval touches; one that ends at midnight does not touch the next."""
    there = ZoneInfo(ROOM_ZONE)
    first = starts_at.astimezone(there).date()
    last = max(first, (ends_at - _MOMENT).astimezone(there).date())
    return tuple(DayKey(room_id, first + timedelta(days=n)) for n in range((last - first).days + 1))


def held(days: Days, keys: tuple[DayKey, ...], claim: Claim) -> list[RoomDay]:
    """The days with an internal hold, all or none. Raises RoomIsTaken."""
    return [days[key].hold(claim) for key in keys]


def _with(day: RoomDay, claim: Claim) -> RoomDay:
    claims = sorted((*day.claims, claim), key=lambda each: (each.starts_at, each.id))
    return replace(day, claims=tuple(claims))
