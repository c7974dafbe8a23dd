"""Staff have a party reminded of the places that it has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from services.booking.domain.occasion import Occasion
from services.booking.use_cases.decisions import Decisions, ensure_seen
from services.booking.use_cases.ports import Bookings
from services.booking.use_cases.standing import Standing, standing_of
from services.booking.use_cases.wishes import Moment, Taken, Wish
from shared.kernel.actor import Actor
from shared.kernel.ids import BookingId
from shared.observability.cause import current_cause

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class RemindBooking:
    """Have a party reminded today, once. Only who has places on what will take place can be.

    Whoever reaches people sends it, and not at night.
    """

    bookings: Bookings
    decisions: Decisions

    async def __call__(
        self,
        booking_id: BookingId,
        *,
        version: int,
        by: Actor,
        once: Any,
        present: Callable[[Standing], A],
    ) -> A:
        """Raises NotFound, ChangedElsewhere and what the domain refuses."""
        record = await self.bookings.read(booking_id, by=by)

        def decide(occasion: Occasion, moment: Moment) -> Taken[A]:
            ensure_seen(version, occasion.place_of(booking_id).sequence)
            after, facts = occasion.remind(booking_id, **moment.given())
            return Taken(occasion=after, answer=present(standing_of(record, after)), facts=facts)

        return await self.decisions.decide(
            record.occasion_id, Wish(decide, once=once, cause=current_cause())
        )
