"""Staff change what an occasion is; those who come are told when it matters to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from services.booking.domain.changing import Changes, as_wanted
from services.booking.domain.occasion import Occasion
from services.booking.domain.occupying import flagged, keys_of
from services.booking.domain.room_day import DayKey
from services.booking.use_cases.decisions import Decisions, ensure_seen
from services.booking.use_cases.wishes import Moment, Taken, Wish
from shared.kernel.ids import OccasionId
from shared.observability.cause import current_cause

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class ChangeOccasion:
    """Change capacity, time, room, leaders, title or audience. More room brings offers at once.

    Capacity is never lowered below what is booked or offered, and nothing is moved to a time that
    has been: whoever booked was told of a time to come. (What was held is registered as new.)
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
            ensure_seen(version, occasion.version)
            after, facts = occasion.change(changes, **moment.given())
            if after is not occasion and moment.days:
                after = flagged(after, moment.days)
            return Taken(
                occasion=after, answer=present(moment.as_saved(occasion, after)), facts=facts
            )

        def touches(occasion: Occasion) -> tuple[DayKey, ...]:
            wanted = as_wanted(occasion, changes)
            return () if wanted is None else (*keys_of(occasion), *keys_of(wanted))

        wish = Wish(decide, cause=current_cause(), touches=touches)
        return await self.decisions.decide(occasion_id, wish)
