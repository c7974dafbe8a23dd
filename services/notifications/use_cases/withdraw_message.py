"""Take back a message that has become pointless, as far as it has not left the house."""

from __future__ import annotations

from dataclasses import dataclass

from services.notifications.domain.message import outcome
from services.notifications.use_cases.ports import Deliveries, Messages, Session
from shared.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class WithdrawMessage:
    """What is queued is superseded; what is on its way or was sent stays as it is."""

    messages: Messages
    deliveries: Deliveries

    async def __call__(self, session: Session, message_id: str, *, by: Actor) -> None:
        """Harmless for a message that is not known."""
        message = await self.messages.find(message_id, session, by=by)
        if message is None or message.state not in ("waiting-for-card", "ready"):
            return
        await self.deliveries.withdraw(session, message_id)
        left = [row.state for row in await self.deliveries.of(message_id, session, by=by)]
        after = outcome(left)
        if after != message.state and after != "ready":
            await self.messages.set_state(session, message, after)
