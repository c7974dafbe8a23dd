"""Staff move a party in the line: never without a reason, always recorded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from services.booking.domain.facts import LineMoved
from services.booking.domain.occasion import Occasion
from services.booking.use_cases.decisions import Decisions, ensure_seen
from services.booking.use_cases.ports import Bookings, People
from services.booking.use_cases.records import LineMove
from services.booking.use_cases.staff_words import line_move_record, seal_words
from services.booking.use_cases.wishes import Moment, Taken, Wish
from shared.kernel.actor import Actor
from shared.kernel.ids import BookingId, OccasionId
from shared.observability.cause import current_cause

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class MoveInLine:
    """Put a waiting party at another position, counted from 1, and say why.

    The move is kept for good; its reason may be about a person and is kept under the party's key.
    """

    bookings: Bookings
    decisions: Decisions
    people: People

    async def __call__(
        self,
        occasion_id: OccasionId,
        booking_id: BookingId,
        *,
        position: int,
        reason: str,
        version: int,
        by: Actor,
        once: Any,
        present: Callable[[Occasion], A],
    ) -> A:
        """Move it, on the occasion's `version` that was seen.

        Raises NotFound, ChangedElsewhere and what the domain refuses.
        """
        record = await self.bookings.read(booking_id, by=by)
        words = await seal_words(
            self.people, record.recipient_id, reason.strip(), record=line_move_record(booking_id)
        )

        def decide(occasion: Occasion, moment: Moment) -> Taken[A]:
            ensure_seen(version, occasion.version)
            after, facts = occasion.move_in_line(
                booking_id, position, reason=reason, by=by.id, **moment.given()
            )
            moved = [fact for fact in facts if isinstance(fact, LineMoved)]
            kept = _kept(moved[0], words, moment) if moved else None
            return Taken(
                occasion=after,
                answer=present(moment.as_saved(occasion, after)),
                facts=facts,
                line_move=kept,
            )

        return await self.decisions.decide(
            occasion_id, Wish(decide, once=once, cause=current_cause())
        )


def _kept(fact: LineMoved, words: Mapping[str, bytes], moment: Moment) -> LineMove:
    return LineMove(
        occasion_id=fact.occasion_id,
        booking_id=fact.booking_id,
        recipient_id=fact.recipient_id,
        from_position=fact.from_position,
        to_position=fact.to_position,
        reason=words,
        by=fact.by,
        at=moment.now,
    )
