"""The programme: what anybody may know of what is coming, and nothing of who comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.booking.domain.activity import Activity, ActivityKind
from services.booking.domain.occasion import Occasion
from services.booking.use_cases.ports import OccasionSummary, Page
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.ids import ActivityId, OccasionId


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which occasions somebody looks for; None is no wish. `end` itself is not included."""

    first: datetime | None = None
    end: datetime | None = None
    kind: ActivityKind | None = None
    audience: str | None = None
    room: str | None = None
    activity_id: ActivityId | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What there is to choose among: only what something that is coming has."""

    kinds: Sequence[str]
    audiences: Sequence[str]
    rooms: Sequence[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """An occasion as everybody may see it. `free` counts people, `waiting` parties in line."""

    occasion: Occasion
    activity: Activity | None
    free: int
    waiting: int
    has_started: bool


class Programme(Protocol):
    """Reading occasions as anybody may: never who is on them."""

    async def coming(
        self, wanted: Wanted, now: datetime, *, limit: int, offset: int, by: Actor
    ) -> Page:
        """Summaries of what has not begun and is not cancelled, earliest first."""
        ...

    async def one(self, occasion_id: OccasionId, *, by: Actor) -> OccasionSummary:
        """Raises NotFound."""
        ...

    async def choices(self, now: datetime, *, by: Actor) -> Choices:
        """Of what is coming."""
        ...


class Activities(Protocol):
    """Reading activities."""

    async def read_many(
        self, activity_ids: Sequence[ActivityId], *, by: Actor
    ) -> Mapping[ActivityId, Activity]:
        """Those that are there."""
        ...


@dataclass(frozen=True, slots=True)
class SeeProgramme:
    """Occasions that can be booked or waited for, earliest first; `free` counts people.

    Only what is coming and not cancelled is listed. `waiting` is how many parties stand in line:
    where some do, free places go to whoever of them fits first.
    """

    programme: Programme
    activities: Activities
    clock: Clock

    async def listed(self, wanted: Wanted, *, limit: int, offset: int, by: Actor) -> Page:
        """A page of entries."""
        now = self.clock.now()
        page = await self.programme.coming(wanted, now, limit=limit, offset=offset, by=by)
        return Page(await self._entries(page.items, now, by), page.total)

    async def one(self, occasion_id: OccasionId, *, by: Actor) -> Entry:
        """One of them, also when it has begun or is cancelled. Raises NotFound."""
        summary = await self.programme.one(occasion_id, by=by)
        [entry] = await self._entries([summary], self.clock.now(), by)
        return entry

    async def choices(self, *, by: Actor) -> Choices:
        """What the filters can be set to."""
        return await self.programme.choices(self.clock.now(), by=by)

    async def _entries(
        self, found: Sequence[OccasionSummary], now: datetime, by: Actor
    ) -> list[Entry]:
        wanted = sorted({each.occasion.activity_id for each in found})
        activities = await self.activities.read_many(wanted, by=by)
        return [_entry(each, activities.get(each.occasion.activity_id), now) for each in found]


def _entry(summary: OccasionSummary, activity: Activity | None, now: datetime) -> Entry:
    occasion, people = summary.occasion, summary.people
    return Entry(
        occasion=occasion,
        activity=activity,
        free=max(0, occasion.capacity - people["confirmed"] - people["offered"]),
        waiting=summary.parties["waiting"],
        has_started=occasion.starts_at <= now,
    )
