"""Staff see orders, pack them, send them, and know where to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.publishing.domain.print_order import PrintOrder, State, advance
from services.publishing.typesetting.aside import aside
from services.publishing.typesetting.picking import Slip, set_pick_list
from services.publishing.use_cases.ports import Session, Transact
from services.publishing.use_cases.publication_ports import (
    Also,
    Contact,
    Editions,
    PrintOrders,
)
from services.publishing.use_cases.subscriber_ports import Letters
from services.publishing.use_cases.write_order_letter import order_letter
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.kernel.actor import Actor
from shared.kernel.clock import Clock
from shared.kernel.refusal import NotFound, VersionConflict

_RULE = "handles-print-orders"
ON_A_LIST = 100


@dataclass(frozen=True, slots=True)
class SeePrintOrders:
    """Orders, the oldest first: school, copies and state. Whom to send it to is asked for apart."""

    orders: PrintOrders
    audit: Audit

    async def listed(
        self, state: State | None, *, limit: int, offset: int, by: Actor
    ) -> tuple[Sequence[PrintOrder], int]:
        """A page of them."""
        return await self.orders.listed(state, limit=limit, offset=offset, by=by)

    async def __call__(self, order_id: str, *, by: Actor) -> PrintOrder:
        """Raises NotFound."""
        return await self.orders.read(order_id, by=by)

    async def by_number(self, number: str, *, by: Actor) -> PrintOrder:
        """As somebody on the telephone says it. Raises NotFound."""
        return await self.orders.by_number(number, by=by)

    async def contact(self, order_id: str, *, by: Actor) -> Contact:
        """Whom it is sent to. The reading leaves a trace. Raises NotFound: also when forgotten."""
        order = await self.orders.read(order_id, by=by)
        sealed = await self.orders.contacts([order], by=by)
        known = await self.audit.open(by, sealed, purpose=Purpose.CONTACT, rule=_RULE)
        if order_id not in known:
            raise NotFound
        return known[order_id]


@dataclass(frozen=True, slots=True)
class MovePrintOrder:
    """One step on: packed, sent (a letter says so), delivered. To where it is: nothing changes."""

    orders: PrintOrders
    letters: Letters
    transact: Transact
    clock: Clock

    async def __call__(
        self, order_id: str, to: State, *, version: int, by: Actor, also: Also[PrintOrder]
    ) -> PrintOrder:
        """Raises NotFound, VersionConflict, NotInThisOrderState."""

        async def work(session: Session) -> PrintOrder:
            known = await self.orders.read(order_id, session, by=by)
            if known.version != version:
                raise VersionConflict
            after = advance(known, to, self.clock.now())
            if after != known:
                after = await self.orders.save(session, after, by=by)
                if to == "sent":
                    letter = order_letter(after, "sent", after.moved_at)
                    await self.letters.add(session, [letter])
            await also(session, after)
            return after

        return await self.transact(work)


@dataclass(frozen=True, slots=True)
class PickList:
    """A PDF of the orders that wait to be packed, oldest first: what to take, and where it goes.

    One order a page, to be folded into the parcel. At most a hundred. The reading leaves a trace.
    """

    orders: PrintOrders
    editions: Editions
    audit: Audit
    clock: Clock

    async def __call__(self, *, by: Actor) -> bytes:
        """Raises NotFound when nothing waits."""
        waiting, _ = await self.orders.listed("received", limit=ON_A_LIST, offset=0, by=by)
        if not waiting:
            raise NotFound
        sealed = await self.orders.contacts(waiting, by=by)
        contacts = await self.audit.open(by, sealed, purpose=Purpose.CONTACT, rule=_RULE)
        titles = await self._titles(waiting, by)
        slips = [_slip(each, titles, contacts.get(each.id)) for each in waiting]
        return await aside(set_pick_list, slips, self.clock.now())

    async def _titles(self, orders: Sequence[PrintOrder], by: Actor) -> Mapping[str, str]:
        titles: dict[str, str] = {}
        for one in orders:
            key = f"{one.publication_id}/{one.edition}/{one.language}"
            if key not in titles:
                edition = await self.editions.read(one.publication_id, one.edition, by=by)
                titles[key] = edition.texts[one.language].title
        return titles


def _slip(one: PrintOrder, titles: Mapping[str, str], contact: Contact | None) -> Slip:
    return Slip(
        number=one.number,
        title=titles[f"{one.publication_id}/{one.edition}/{one.language}"],
        edition=str(one.edition),
        language=one.language,
        copies=one.copies,
        school=one.school,
        municipality=one.municipality,
        name=contact.name if contact else "",
        address=contact.address if contact else "",
        phone=contact.phone if contact else "",
        ordered_at=one.ordered_at,
    )
