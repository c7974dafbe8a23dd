"""Hand one claimed delivery to its channel, and write down what came of it.

The row is `sending` before anything leaves the house, so that a crash leaves a trace: such a row is
reconciled, never simply sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from services.notifications.domain.backoff import EMAIL, SMS
from services.notifications.domain.channel_plan import Channel
from services.notifications.domain.delivery import IN_HAND, Delivery, State, below
from services.notifications.domain.message import Message
from services.notifications.domain.recipient_card import Contact
from services.notifications.domain.reminders import BEFORE, Reminder, reminds
from services.notifications.use_cases.conclude_delivery import ConcludeDelivery
from services.notifications.use_cases.ports import (
    Cards,
    Courier,
    Deliveries,
    Handed,
    Messages,
    Session,
    Transact,
)
from services.notifications.use_cases.withdraw_message import WithdrawMessage
from services.notifications.use_cases.write_letter import WriteLetter
from shared.kernel.actor import housekeeping
from shared.kernel.clock import Clock, real_now
from shared.observability.metrics import DELIVERIES

_SENDING: tuple[State, ...] = ("sending",)
_BY = housekeeping("send-delivery")
_BACKOFF = {"sms": SMS, "email": EMAIL}


@dataclass(frozen=True, slots=True)
class SendDelivery:
    """One delivery at a time; many of these run side by side."""

    cards: Cards
    messages: Messages
    deliveries: Deliveries
    couriers: Mapping[Channel, Courier]
    write: WriteLetter
    conclude: ConcludeDelivery
    withdraw: WithdrawMessage
    transact: Transact
    clock: Clock
    chance: Callable[[], float]

    async def __call__(self, delivery: Delivery) -> None:
        """Send it, unless it has become pointless."""
        message = await self.messages.find(delivery.message_id, by=_BY)
        if message is None or self._pointless(message):
            await self._drop(delivery)
            return
        contact = await self.cards.contact(message.recipient, by=_BY)
        if contact is None or _address(contact, delivery.channel) is None:
            # Somebody forgotten while this was being queued: the fingerprint goes as well.
            gone = {"number": None} if contact is None else {}
            await self._move(delivery, "failed", why="no-address", **gone)
            return
        letter = await self.write(message, contact, delivery.channel, by=_BY)
        handed = await self.couriers[delivery.channel].send(delivery, contact, letter)
        await self.settle(delivery, handed)

    async def settle(self, delivery: Delivery, handed: Handed) -> None:
        """Write down how handing over went. A report may have come first and says more."""
        DELIVERIES.labels(delivery.channel, handed.kind).inc()
        if handed.kind == "taken":
            await self._move(delivery, handed.status, provider_id=handed.provider_id)
        elif handed.kind == "refused":
            await self._move(delivery, "failed", why=handed.why)
        elif handed.kind == "not-now":
            await self._later(delivery, handed.why)
        elif delivery.channel == "sms":
            await self.deliveries.move(
                delivery.id, "unresolved", since=_SENDING, by=_BY, attempt=delivery.attempt,
                due_at=real_now(), why=handed.why,
            )  # fmt: skip
        else:
            await self._move(delivery, "uncertain", why=handed.why)

    async def uncertain(self, delivery: Delivery) -> None:
        """Nobody can say what became of it: e-mail goes out, and a person decides."""
        await self._move(delivery, "uncertain", why=delivery.why)

    async def _later(self, delivery: Delivery, why: str | None) -> None:
        pause = _BACKOFF[delivery.channel].pause(delivery.attempt, self.chance())
        if pause is None:
            await self._move(delivery, "failed", why=why)
            return
        await self.deliveries.move(
            delivery.id, "queued", since=IN_HAND, by=_BY, attempt=delivery.attempt,
            due_at=real_now() + pause, why=why,
        )  # fmt: skip

    async def _move(self, delivery: Delivery, to: State, **fields: str | None) -> None:
        async def work(session: Session) -> None:
            moved = await self.deliveries.move(
                delivery.id, to, since=below(to), by=_BY, session=session,
                attempt=delivery.attempt, **fields,
            )  # fmt: skip
            if moved is not None:
                await self.conclude(session, moved, by=_BY)
            elif named := fields.get("provider_id"):
                await self.deliveries.name_it(session, delivery.id, named)

        await self.transact(work)

    async def _drop(self, delivery: Delivery) -> None:
        async def work(session: Session) -> None:
            await self.deliveries.move(
                delivery.id, "superseded", since=_SENDING, by=_BY, session=session
            )
            await self.withdraw(session, delivery.message_id, by=_BY)

        await self.transact(work)

    def _pointless(self, message: Message) -> bool:
        now = self.clock.now()
        if message.state == "superseded":
            return True
        if "deadline" in message.facts and now >= message.facts["deadline"]:
            return True
        for kind, ahead in BEFORE.items():
            if reminds(message.template, kind):
                start = message.facts["starts_at"]
                return Reminder(message.about, kind, start - ahead, start).stale(now)
        return False


def _address(contact: Contact, channel: Channel) -> str | None:
    return contact.phone if channel == "sms" else contact.email
