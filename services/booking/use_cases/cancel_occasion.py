"""An occasion will not take place; everybody on it is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from services.booking.domain.occasion import Occasion
from services.booking.domain.occupying import keys_of
from services.booking.use_cases.decisions import Decisions, ensure_seen
from services.booking.use_cases.wishes import Moment, Taken, Wish
from shared.kernel.ids import OccasionId
from shared.observability.cause import current_cause

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class CancelOccasion:
    """Cancel an occasion and say why. Every party on it, booked or waiting, is told."""

    decisions: Decisions

    async def __call__(
        self,
        occasion_id: OccasionId,
        *,
        reason: str,
        version: int,
        once: Any,
        present: Callable[[Occasion], A],
    ) -> A:
        """Raises NotFound, ChangedElsewhere, ReasonMissing, TextTooLong or OccasionIsOver.

        Repeated, it is quiet, whatever version was seen.
        """

        def decide(occasion: Occasion, moment: Moment) -> Taken[A]:
            if occasion.cancelled is None:
                ensure_seen(version, occasion.version)
            after, facts = occasion.cancel_occasion(reason, **moment.given())
            return Taken(
                occasion=after, answer=present(moment.as_saved(occasion, after)), facts=facts
            )

        wish = Wish(decide, once=once, cause=current_cause(), touches=keys_of)
        return await self.decisions.decide(occasion_id, wish)
