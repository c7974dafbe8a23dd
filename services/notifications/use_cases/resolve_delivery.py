"""An SMS whose answer got lost: ask the provider's list, and let time decide when it is silent."""

from __future__ import annotations

from dataclasses import dataclass

from services.notifications.domain.delivery import Delivery
from services.notifications.domain.reconciling import Patience, verdict
from services.notifications.use_cases.ports import (
    Cards,
    Deliveries,
    Handed,
    Numbers,
    ProviderList,
)
from services.notifications.use_cases.send_delivery import SendDelivery
from shared.kernel.actor import housekeeping
from shared.kernel.clock import real_now

_BY = housekeeping("resolve-delivery")


@dataclass(frozen=True, slots=True)
class ResolveDelivery:
    """Takes rows that are unresolved, or `sending` with a lease that ran out."""

    cards: Cards
    deliveries: Deliveries
    numbers: Numbers
    provider: ProviderList
    send: SendDelivery
    patience: Patience

    async def __call__(self) -> bool:
        """Look into one; False when there is none to look into now."""
        row = await self.deliveries.claim_unresolved(real_now(), self.patience.look_again, by=_BY)
        if row is None:
            return False
        if row.channel == "email":
            # Nobody can be asked what became of it, so a person decides.
            await self.send.settle(row, Handed("unknown", why="lease-ran-out"))
        else:
            await self._look(row)
        return True

    async def _look(self, row: Delivery) -> None:
        attempt_at = row.attempt_at or row.due_at
        phone = await self._phone(row)
        entries = await self.provider.sent_to(phone, attempt_at) if phone else None
        claimed = await self.deliveries.claimed([entry.id for entry in entries or ()], by=_BY)
        found = verdict(entries, claimed, attempt_at, real_now(), self.patience)
        if found.kind == "accepted" and found.entry is not None:
            await self.send.settle(row, Handed("taken", found.entry.id))
        elif found.kind == "retry":
            await self.send.settle(row, Handed("not-now", why="never-arrived"))
        elif found.kind == "uncertain":
            await self.send.uncertain(row)

    async def _phone(self, row: Delivery) -> str | None:
        """The number that the attempt went to; None if the card has another one by now."""
        contact = await self.cards.contact(row.recipient, by=_BY)
        if contact is None or contact.phone is None:
            return None
        return contact.phone if self.numbers.of_phone(contact.phone) == row.number else None
