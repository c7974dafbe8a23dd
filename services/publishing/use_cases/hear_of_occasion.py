"""Booking told of an occasion: newsletters that show what is coming up show it as it is now."""

from __future__ import annotations

from dataclasses import dataclass

from services.publishing.domain.occasions import Occasion
from services.publishing.use_cases.newsletters import Occasions
from services.publishing.use_cases.ports import Session
from shared.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class HearOfOccasion:
    """Keep the newest that is known of it."""

    occasions: Occasions

    async def __call__(self, session: Session, occasion: Occasion, *, by: Actor) -> bool:
        """False when something newer was heard before."""
        return await self.occasions.keep(session, occasion, by=by)
