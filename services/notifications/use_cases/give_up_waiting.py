"""Messages whose contact card did not come within ten minutes: say that nobody can be reached."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.notifications.domain.message import Message
from services.notifications.domain.news import NobodyReached
from services.notifications.use_cases.ports import Messages, Session, Tell, Transact
from shared.kernel.actor import housekeeping
from shared.kernel.clock import real_now

PATIENCE = timedelta(minutes=10)
_BATCH = 100
_BY = housekeeping("give-up-waiting")


@dataclass(frozen=True, slots=True)
class GiveUpWaiting:
    """Real time: a card is late because of machines, not because of dates."""

    messages: Messages
    tell: Tell
    transact: Transact
    patience: timedelta = PATIENCE

    async def __call__(self) -> int:
        """How many were given up."""
        late = await self.messages.waited_since(real_now() - self.patience, _BATCH, by=_BY)
        for message in late:
            await self._one(message.id)
        return len(late)

    async def _one(self, message_id: str) -> None:
        async def work(session: Session) -> None:
            message: Message | None = await self.messages.find(message_id, session, by=_BY)
            if message is None or message.state != "waiting-for-card":
                return
            await self.messages.set_state(session, message, "failed")
            await self.tell(session, NobodyReached(message, "no-contact-card"))

        await self.transact(work)
