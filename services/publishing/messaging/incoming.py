"""One table: which event leads to which use case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.publishing.domain.occasions import Occasion
from services.publishing.use_cases.hear_of_occasion import HearOfOccasion
from shared.contracts import booking
from shared.contracts.envelope import Envelope
from shared.contracts.event import Contract
from shared.delivery.inbox import HANDLED, SUPERSEDED, Outcome
from shared.delivery.listener import Handler
from shared.kernel.actor import housekeeping

_OF_OCCASIONS: tuple[type[Contract], ...] = (
    booking.OccasionPublished,
    booking.OccasionChanged,
    booking.OccasionCancelled,
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """The handlers; each runs inside the listener's transaction."""

    hear_of_occasion: HearOfOccasion

    def handlers(self) -> Mapping[type[Contract], Handler]:
        """Contract → what to do."""
        return dict.fromkeys(_OF_OCCASIONS, self.occasion)

    async def occasion(self, envelope: Envelope, data: Any, session: Any) -> Outcome:
        """An occasion that newsletters may tell of."""
        occasion = occasion_of(envelope, data)
        kept = await self.hear_of_occasion(session, occasion, by=housekeeping(envelope.id))
        return HANDLED if kept else SUPERSEDED


def occasion_of(envelope: Envelope, data: Any) -> Occasion:
    """An occasion's event in the domain's words. Pure."""
    told = data.occasion
    return Occasion(
        id=told.occasion_id,
        title=told.title,
        kind=told.kind,
        starts_at=told.starts_at,
        ends_at=told.ends_at,
        zone=told.zone,
        room=told.room,
        cancelled=isinstance(data, booking.OccasionCancelled),
        sequence=envelope.sequence,
    )
