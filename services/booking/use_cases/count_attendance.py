"""Heads are counted at the door."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from services.booking.domain.facts import Fact
from services.booking.domain.occasion import Occasion
from services.booking.domain.place import Attendance
from services.booking.use_cases.decisions import Decisions, ensure_seen
from services.booking.use_cases.wishes import Moment, Taken, Wish
from shared.kernel.ids import BookingId, OccasionId
from shared.observability.cause import current_cause

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class CameTo:
    """So many of one party came; None: it is not counted after all."""

    booking_id: BookingId
    came: Attendance | None


@dataclass(frozen=True, slots=True)
class CountAttendance:
    """Record how many came, for one or several bookings at once. A new count replaces the old.

    A booking without numbers is not counted after all: so a mistake is taken back.
    All of them or none: a list with one booking that is not on the occasion changes nothing.
    """

    decisions: Decisions

    async def __call__(
        self,
        occasion_id: OccasionId,
        came: Sequence[CameTo],
        *,
        version: int,
        once: Any,
        present: Callable[[Occasion], A],
    ) -> A:
        """Raises NotFound, ChangedElsewhere and what the domain refuses about each."""

        def decide(occasion: Occasion, moment: Moment) -> Taken[A]:
            ensure_seen(version, occasion.version)
            facts: list[Fact] = []
            after = occasion
            for each in came:
                after, noted = after.record_attendance(each.booking_id, each.came, **moment.given())
                facts.extend(noted)
            return Taken(
                occasion=after, answer=present(moment.as_saved(occasion, after)), facts=facts
            )

        return await self.decisions.decide(
            occasion_id, Wish(decide, once=once, cause=current_cause())
        )
