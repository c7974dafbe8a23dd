"""Somebody answered by SMS: pass yes or no on for the offer that is meant, or help once.

The text is read and thrown away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from services.notifications.domain.message import Message, message_id
from services.notifications.domain.news import Answered
from services.notifications.domain.replies import HELP_PER_DAY, Answer, Meant, OpenOffer, meaning
from services.notifications.use_cases.plan_deliveries import PlanDeliveries
from services.notifications.use_cases.ports import (
    Cards,
    Numbers,
    Offers,
    Replies,
    Session,
    Tell,
    Transact,
)
from shared.kernel.actor import Actor, housekeeping
from shared.kernel.clock import Clock, real_now

_STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True)
class TakeReply:
    """Durable before it returns; the same inbound SMS again changes nothing."""

    cards: Cards
    offers: Offers
    replies: Replies
    plan: PlanDeliveries
    numbers: Numbers
    tell: Tell
    transact: Transact
    clock: Clock

    async def __call__(self, provider_id: str, phone: str, text: str) -> None:
        """Take one inbound SMS in."""
        number, by = self.numbers.of_phone(phone), housekeeping(provider_id)

        async def work(session: Session) -> None:
            offers = await self.offers.to_number(session, number, by=by)
            meant = meaning(text, offers)
            first = await self.replies.first_time(session, provider_id, number, meant.kind, by=by)
            if not first:
                return
            if meant.offer_id is not None and meant.answer is not None:
                await self._pass_on(session, meant.offer_id, meant.answer, by)
            else:
                await self._help(session, provider_id, number, meant, offers)

        await self.transact(work)

    async def _pass_on(self, session: Session, offer_id: str, answer: Answer, by: Actor) -> None:
        offer = await self.offers.answered(session, offer_id, by=by)
        answered = Answered(offer_id, offer.booking_id, offer.recipient, answer, offer.answers)
        await self.tell(session, answered)

    async def _help(
        self,
        session: Session,
        provider_id: str,
        number: str,
        meant: Meant,
        offers: Sequence[OpenOffer],
    ) -> None:
        by = housekeeping(provider_id)
        known = [card for card in await self.cards.by_number(number, by=by) if not card.forgotten]
        day = self.clock.now().astimezone(_STOCKHOLM).date().isoformat()
        most = HELP_PER_DAY[meant.kind]
        if not known:
            return
        if not await self.replies.may_help(session, number, day, meant.kind, most, by=by):
            return
        codes = [
            {
                "code": offer.code,
                "title": offer.title,
                "starts_at": offer.starts_at,
                "zone": offer.zone,
            }
            for offer in offers
            if offer.live and meant.kind == "ambiguous"
        ]
        card = known[0]
        message = Message(
            id=message_id(provider_id, "help-reply"),
            recipient=card.recipient,
            about=card.recipient.id,
            template="help-reply",
            facts={"codes": codes},
            cause=provider_id,
            sequence=0,
            state="ready",
            created_at=real_now(),
        )
        await self.plan.add(session, message, card)
