"""Staff change what an occasion is; those who come are told when it matters to them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from services.booking.domain.changing import Changes
from services.booking.domain.facts import BookingFact, Fact, OccasionChanged
from services.booking.domain.occasion import Occasion
from services.booking.domain.place import PlaceState
from services.booking.use_cases.decisions import ChangedElsewhere, Decisions
from services.booking.use_cases.wishes import Moment, Taken, Wish
from shared.kernel.ids import OccasionId
from shared.observability.cause import current_cause

A = TypeVar("A")
_MATTERS = {"starts_local", "zone", "minutes", "room"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOrPlaceChanged(BookingFact):
    """The occasion of a booking has another time or room than `before`; the booking stands."""

    before: Occasion
    state: PlaceState


@dataclass(frozen=True, slots=True)
class ChangeOccasion:
    """Change capacity, time, room, leaders, title or audience. More room brings offers at once.

    Capacity is never lowered below what is booked or offered.
    """

    decisions: Decisions

    async def __call__(
        self,
        occasion_id: OccasionId,
        changes: Changes,
        *,
        version: int,
        present: Callable[[Occasion], A],
    ) -> A:
        """Raises NotFound, ChangedElsewhere and what the domain refuses."""

        def decide(occasion: Occasion, moment: Moment) -> Taken[A]:
            if occasion.version != version:
                raise ChangedElsewhere
            after, facts = change(occasion, changes, moment)
            return Taken(
                occasion=after, answer=present(moment.as_saved(occasion, after)), facts=facts
            )

        return await self.decisions.decide(occasion_id, Wish(decide, cause=current_cause()))


def change(occasion: Occasion, changes: Changes, moment: Moment) -> tuple[Occasion, Sequence[Fact]]:
    """The domain's change, and a fact for each booking whose time or room is another now."""
    after, facts = occasion.change(changes, **moment.given())
    changed = {name for fact in facts if isinstance(fact, OccasionChanged) for name in fact.changed}
    if not changed & _MATTERS:
        return after, facts
    told: list[Fact] = []
    places = []
    for place in after.places:
        numbered = replace(place, sequence=place.sequence + 1)
        places.append(numbered)
        told.append(
            TimeOrPlaceChanged(
                occasion_id=occasion.id,
                sequence=numbered.sequence,
                booking_id=place.booking_id,
                recipient_id=place.recipient_id,
                size=place.size,
                before=occasion,
                state=place.state,
            )
        )
    return replace(after, places=tuple(places)), (*facts, *told)
