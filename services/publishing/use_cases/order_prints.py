"""A school orders printed copies, looks at its order, and takes it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from services.publishing.domain.address import address
from services.publishing.domain.print_order import Ending, PrintOrder, cancel, order
from services.publishing.domain.print_rules import ContactIncomplete, OrderedOtherwise
from services.publishing.domain.shelf import school_key, shelf_id
from services.publishing.use_cases.ports import Session, Tell, Transact
from services.publishing.use_cases.publication_ports import Also, Contact, PrintOrders, Shelves
from services.publishing.use_cases.subscriber_ports import Letters
from services.publishing.use_cases.write_order_letter import order_letter
from shared.kernel.actor import Actor, housekeeping
from shared.kernel.clock import Clock
from shared.kernel.refusal import NotFound, VersionConflict
from shared.privacy.derived_link import DerivedLinks
from shared.privacy.link_secret import hash_of

_TRIES = 3
_ASKING = housekeeping("order-prints")
"""Whoever orders may be told of this order, which is known by their key alone."""


@dataclass(frozen=True, slots=True, repr=False)
class Wanted:
    """What the form says."""

    publication: str
    language: str
    copies: int
    school: str
    municipality: str
    contact: Contact


@dataclass(frozen=True, slots=True, repr=False)
class Placed:
    """The order, and the secret of the link that opens it."""

    order: PrintOrder
    secret: str


@dataclass(frozen=True, slots=True)
class OrderPrints:
    """Order printed copies for a school. No account is needed.

    They are set aside at once, if there are so many and the school has not had its share this
    school year, and a letter says so. The same `Idempotency-Key` is the same order, with the same
    number, however long after. Name, e-mail, telephone and address are kept under a key of their
    own and forgotten a month after delivery.
    """

    orders: PrintOrders
    shelves: Shelves
    letters: Letters
    links: DerivedLinks
    transact: Transact
    tell: Tell
    clock: Clock

    async def __call__(
        self, wanted: Wanted, order_id: str, *, by: Actor, also: Also[Placed]
    ) -> Placed:
        """A repeat gives what was given.

        Raises:
            NotFound, SchoolMissing, CopiesOutOfRange, OverTheLimit, OutOfStock, ContactIncomplete,
            NotAnAddress, OrderedOtherwise.
        """
        school_key(wanted.school, wanted.municipality)
        _ensure_reachable(wanted.contact)
        secret = self.links.secret_of(order_id)
        for last in (*[False] * (_TRIES - 1), True):
            known = await self._known(order_id)
            if known is not None:
                return await self._again(Placed(known, secret), wanted, also)
            cipher = await self.orders.seal(order_id, wanted.contact, by=by)
            try:
                return await self._place(wanted, order_id, secret, cipher, by, also)
            except VersionConflict:
                if last:
                    raise
        raise AssertionError

    async def _place(
        self, wanted: Wanted, order_id: str, secret: str, cipher: Mapping[str, bytes], by: Actor,
        also: Also[Placed],
    ) -> Placed:  # fmt: skip
        async def work(session: Session) -> Placed:
            shelf = await self.shelves.read(
                shelf_id(wanted.publication, wanted.language), session, by=by
            )
            after, one, told = order(
                shelf,
                order_id,
                wanted.school,
                wanted.municipality,
                wanted.copies,
                self.clock.now(),
            )
            await self.shelves.save(session, after, by=by)
            await self.orders.add(session, one, hash_of(secret), cipher)
            await self.letters.add(session, [order_letter(one, "received", one.ordered_at)])
            await self.tell(session, told)
            placed = Placed(one, secret)
            await also(session, placed)
            return placed

        return await self.transact(work)

    async def _again(self, placed: Placed, wanted: Wanted, also: Also[Placed]) -> Placed:
        one = placed.order
        same = (one.publication_id, one.language, one.copies, one.school, one.municipality) == (
            wanted.publication, wanted.language, wanted.copies, wanted.school, wanted.municipality
        )  # fmt: skip
        if not same:
            raise OrderedOtherwise

        async def work(session: Session) -> Placed:
            await also(session, placed)
            return placed

        return await self.transact(work)

    async def _known(self, order_id: str) -> PrintOrder | None:
        try:
            return await self.orders.read(order_id, by=_ASKING)
        except NotFound:
            return None


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Cancel an order: its copies lie on the shelf again, and the school may order them anew.

    A school may until they are packed, staff until they are sent; a letter says so. Again changes
    nothing.
    """

    orders: PrintOrders
    shelves: Shelves
    letters: Letters
    transact: Transact
    clock: Clock

    async def __call__(
        self, order_id: str, ending: Ending, *, version: int | None, by: Actor,
        also: Also[PrintOrder],
    ) -> PrintOrder:  # fmt: skip
        """Raises NotFound, VersionConflict, NotInThisOrderState."""

        async def work(session: Session) -> PrintOrder:
            known = await self.orders.read(order_id, session, by=by)
            if version is not None and known.version != version:
                raise VersionConflict
            shelf = await self.shelves.read(
                shelf_id(known.publication_id, known.language), session, by=by
            )
            after, stocked = cancel(known, shelf, ending, self.clock.now())
            if after is not known:
                after = await self.orders.save(session, after, by=by)
                await self.shelves.save(session, stocked, by=by)
                letter = order_letter(after, "cancelled", after.moved_at)
                await self.letters.add(session, [letter])
            await also(session, after)
            return after

        return await self.transact(work)


def _ensure_reachable(contact: Contact) -> None:
    if not (contact.name.strip() and contact.address.strip()):
        raise ContactIncomplete
    address(contact.email)
