"""One table: which event leads to which use case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts import booking
from shared.contracts.envelope import Envelope
from shared.contracts.event import Contract
from shared.delivery.inbox import HANDLED, Outcome
from shared.delivery.listener import Handler

_OF_OCCASIONS: tuple[type[Contract], ...] = (
    booking.OccasionPublished,
    booking.OccasionChanged,
    booking.OccasionCancelled,
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """The handlers; each runs inside the listener's transaction."""

    def handlers(self) -> Mapping[type[Contract], Handler]:
        """Contract → what to do."""
        return dict.fromkeys(_OF_OCCASIONS, self.occasion)

    async def occasion(self, envelope: Envelope, data: Any, session: Any) -> Outcome:
        """An occasion that newsletters may tell of."""
        del envelope, data, session
        return HANDLED
