"""A party leaves, whatever it has; its places go to the line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from services.booking.domain.cancelling import BY_PARTICIPANT
from services.booking.domain.occasion import Occasion
from services.booking.use_cases.decisions import Decisions, ensure_seen
from services.booking.use_cases.ports import Bookings, People
from services.booking.use_cases.staff_words import ending_record, seal_words
from services.booking.use_cases.standing import Standing, standing_of
from services.booking.use_cases.wishes import Moment, Taken, Wish
from shared.kernel.actor import Actor
from shared.kernel.ids import BookingId
from shared.observability.cause import current_cause

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class CancelBooking:
    """Cancel a booking. What it held is offered to the next in line that fits.

    Staff's words may be about a person, so they are kept under the party's own key; a participant
    need not say why.
    """

    bookings: Bookings
    decisions: Decisions
    people: People

    async def __call__(
        self,
        booking_id: BookingId,
        *,
        why: str | None,
        version: int,
        by: Actor,
        once: Any,
        present: Callable[[Standing], A],
    ) -> A:
        """Cancel it, as staff or as the party itself.

        Raises NotFound, BookingIsNotHere (it has left already), ChangedElsewhere,
        AttendanceIsRecorded or, for the party itself, OccasionHasStarted.
        """
        record = await self.bookings.read(booking_id, by=by)
        words = (
            await seal_words(
                self.people, record.recipient_id, why, record=ending_record(booking_id)
            )
            if why
            else None
        )
        code = BY_PARTICIPANT if by.kind == "participant" else "by-staff"

        def decide(occasion: Occasion, moment: Moment) -> Taken[A]:
            now = occasion.place_of(booking_id).sequence
            ensure_seen(version, now)
            after, facts = occasion.cancel(booking_id, code, **moment.given())
            ended = replace(record, state="cancelled", sequence=now + 1)
            return Taken(
                occasion=after,
                answer=present(standing_of(ended, after)),
                facts=facts,
                ends={booking_id: words} if words else {},
            )

        return await self.decisions.decide(
            record.occasion_id, Wish(decide, once=once, cause=current_cause())
        )
