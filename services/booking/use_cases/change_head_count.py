"""A party comes with more or fewer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from services.booking.domain.occasion import Occasion
from services.booking.domain.party import resized
from services.booking.use_cases.decisions import Decisions, ensure_seen
from services.booking.use_cases.ports import Bookings
from services.booking.use_cases.standing import Standing, standing_of
from services.booking.use_cases.wishes import Moment, Taken, Wish
from shared.kernel.actor import Actor
from shared.kernel.ids import BookingId
from shared.observability.cause import current_cause

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class ChangeHeadCount:
    """Change how many come. Fewer gives places to the line; more only if they are free.

    A party in line keeps its turn.
    """

    bookings: Bookings
    decisions: Decisions

    async def __call__(
        self,
        booking_id: BookingId,
        *,
        pupils: int,
        adults: int,
        version: int,
        by: Actor,
        present: Callable[[Standing], A],
    ) -> A:
        """Raises NotFound, ChangedElsewhere and what the domain refuses."""
        record = await self.bookings.read(booking_id, by=by)
        party = resized(record.party, pupils, adults)

        def decide(occasion: Occasion, moment: Moment) -> Taken[A]:
            ensure_seen(version, occasion.place_of(booking_id).sequence)
            after, facts = occasion.change_head_count(booking_id, party.size, **moment.given())
            changed = replace(record, party=party)
            return Taken(
                occasion=after,
                answer=present(standing_of(changed, after)),
                facts=facts,
                parties={booking_id: party},
            )

        wish: Wish[Any] = Wish(decide, cause=current_cause())
        answer: A = await self.decisions.decide(record.occasion_id, wish)
        return answer
