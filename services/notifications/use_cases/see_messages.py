"""What staff see of messages: states and times, never a text or an address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.notifications.domain.delivery import Delivery
from services.notifications.domain.message import Message
from services.notifications.domain.recipient_card import Recipient
from services.notifications.use_cases.ports import Deliveries, Messages
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound


@dataclass(frozen=True, slots=True)
class SeeMessages:
    """Messages of a subject (a booking) or to somebody, and what became of each."""

    messages: Messages
    deliveries: Deliveries

    async def page(
        self,
        *,
        about: str | None,
        recipient: Recipient | None,
        limit: int,
        offset: int,
        by: Actor,
    ) -> tuple[list[Message], int]:
        """Newest first; only those of recipients that the asker may know of."""
        return await self.messages.listed(
            about=about, recipient=recipient, limit=limit, offset=offset, by=by
        )

    async def one(self, message_id: str, *, by: Actor) -> tuple[Message, Sequence[Delivery]]:
        """A message with its deliveries.

        Raises:
            NotFound: there is none, or it is to somebody whom the asker may not know of.
        """
        message = await self.messages.find(message_id, by=by)
        if message is None:
            raise NotFound
        return message, await self.deliveries.of(message_id, by=by)
