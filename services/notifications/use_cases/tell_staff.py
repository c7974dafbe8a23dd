"""A member of staff should sign in and look. What it is about stands behind the sign-in."""

from __future__ import annotations

from dataclasses import dataclass

from services.notifications.domain.message import Message, message_id
from services.notifications.domain.recipient_card import Recipient
from services.notifications.use_cases.plan_deliveries import AT_ONCE, PlanDeliveries
from services.notifications.use_cases.ports import Cards, Session
from services.notifications.use_cases.tell_of_booking import Outcome
from shared.kernel.actor import Actor
from shared.kernel.clock import real_now

TEMPLATE = "attention-needed"


@dataclass(frozen=True, slots=True)
class TellStaff:
    """Runs inside the listener's transaction. The trace of the cause is not handed on."""

    cards: Cards
    plan: PlanDeliveries

    async def __call__(
        self,
        session: Session,
        recipient: Recipient,
        notice_id: str,
        *,
        at_once: bool,
        by: Actor,
    ) -> Outcome:
        """One message per notice, by night too if `at_once`; none to somebody who is forgotten."""
        card = await self.cards.hold(session, recipient, by=by)
        if card is not None and card.forgotten:
            return "forgotten"
        message = Message(
            id=message_id(notice_id, TEMPLATE),
            recipient=recipient,
            about=notice_id,
            template=TEMPLATE,
            facts={AT_ONCE: True} if at_once else {},
            cause=by.id,
            sequence=1,
            state="waiting-for-card" if card is None else "ready",
            created_at=real_now(),
        )
        await self.plan.add(session, message, card)
        return "handled"
