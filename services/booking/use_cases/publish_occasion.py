"""Staff offer something: an activity, and dated occasions of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from services.booking.domain.activity import Activity, new_activity
from services.booking.domain.occasion import Occasion
from services.booking.domain.occupying import flagged, keys_of
from services.booking.domain.publishing import publish
from services.booking.use_cases.decisions import Decisions
from services.booking.use_cases.ports import Activities, Saving
from shared.kernel.actor import Actor
from shared.kernel.ids import ActivityId, OccasionId, new_id
from shared.observability.cause import current_cause

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class OccasionWanted:
    """A new occasion: naive local start in its zone, length in minutes."""

    activity_id: ActivityId
    starts_local: datetime
    zone: str
    minutes: int
    room: str
    capacity: int
    leaders: tuple[str, ...] = ()
    audience: str | None = None


@dataclass(frozen=True, slots=True)
class PublishOccasion:
    """Publish a new occasion of an activity; until it starts it can be booked.

    One that has been may be registered too, as attendance and the accounts to funders include what
    was held before the software; it takes no bookings. An occasion that people have booked cannot
    be moved into the past: that would rewrite what they were told.
    """

    activities: Activities
    decisions: Decisions

    async def __call__(
        self, wanted: OccasionWanted, *, by: Actor, once: Any, present: Callable[[Occasion], A]
    ) -> A:
        """Raises NotFound for an unknown activity, and what the domain refuses."""
        activity = await self.activities.read(wanted.activity_id, by=by)
        occasion, facts = publish(
            OccasionId(new_id()),
            activity_id=activity.id,
            title=activity.title,
            kind=activity.kind,
            audience=activity.audience if wanted.audience is None else wanted.audience,
            starts_local=wanted.starts_local,
            zone=wanted.zone,
            minutes=wanted.minutes,
            room=wanted.room,
            capacity=wanted.capacity,
            leaders=wanted.leaders,
        )
        cause = current_cause()

        async def make() -> tuple[Saving, A]:
            days = await self.decisions.ledger.days(keys_of(occasion))
            made = flagged(occasion, days)
            told = [(news, cause) for news in self.decisions.news(facts, made)]
            saving = Saving(new_occasions=[made], told=told)
            saving.occupy(days, None, made)
            return saving, present(replace(made, version=1))

        return await self.decisions.save_made(make, once)


@dataclass(frozen=True, slots=True)
class AddActivity:
    """Add an activity that occasions can be published of."""

    decisions: Decisions

    async def __call__(
        self,
        *,
        title: str,
        kind: str,
        audience: str,
        description: str,
        once: Any,
        present: Callable[[Activity], A],
    ) -> A:
        """Raises TextMissing, TextTooLong or UnknownActivityKind."""
        activity = new_activity(
            ActivityId(new_id()),
            title=title,
            kind=kind,
            audience=audience,
            description=description,
        )
        saving = Saving(activities=[activity])
        return await self.decisions.save_once(saving, once, present(activity))
