"""What the use cases of publications and printed copies need from outside; `storage` fulfils it.

Whatever a store tells, it tells somebody: `by`.
"""
# ruff: noqa: D102 - what each method does is said where it is fulfilled

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeAlias, TypeVar

from services.publishing.domain.print_order import PrintOrder, State
from services.publishing.domain.publication import Edition, Publication
from services.publishing.domain.shelf import Shelf
from services.publishing.domain.versions import Version
from services.publishing.use_cases.ports import Session
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor

T = TypeVar("T")
Also: TypeAlias = Callable[[Session, T], Awaitable[None]]
"""What is done with the result, in the transaction of its effect."""


@dataclass(frozen=True, slots=True)
class Pdf:
    """A file as it was released; `digest` is its SHA-256 in hex."""

    content: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Listed:
    """An edition in a list: everything but its texts."""

    publication_id: str
    version: Version
    number: int
    titles: Mapping[str, str]
    changes: Mapping[str, str]
    released_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Contact:
    """Whom an order is sent to, and who is told about it."""

    name: str
    email: str
    phone: str
    address: str


class Publications(Protocol):
    """Publications with their drafts."""

    async def read(self, id_: str, session: Session = None, *, by: Actor) -> Publication: ...

    async def listed(
        self, *, released: bool, limit: int, offset: int, by: Actor
    ) -> tuple[Sequence[Publication], int]: ...

    async def save(
        self, session: Session, publication: Publication, *, by: Actor
    ) -> Publication: ...


class Editions(Protocol):
    """What was released. Nothing of it is ever changed."""

    async def read(
        self, publication_id: str, version: Version, session: Session = None, *, by: Actor
    ) -> Edition: ...

    async def listed(self, publication_id: str, *, by: Actor) -> Sequence[Listed]: ...

    async def pdf(
        self, publication_id: str, version: Version, language: str, *, by: Actor
    ) -> Pdf: ...

    async def add(self, session: Session, edition: Edition, pdfs: Mapping[str, bytes]) -> None: ...


class Downloads(Protocol):
    """How often each edition was fetched on each day: a number, and nothing of who."""

    async def count(self, edition: str, language: str, day: date) -> None: ...

    async def of(self, edition: str, *, by: Actor) -> Mapping[date, int]: ...


class Shelves(Protocol):
    """Printed copies."""

    async def read(self, id_: str, session: Session = None, *, by: Actor) -> Shelf: ...

    async def listed(self, *, by: Actor) -> Sequence[Shelf]: ...

    async def save(self, session: Session, shelf: Shelf, *, by: Actor) -> Shelf: ...


class PrintOrders(Protocol):
    """Orders; the contact is under a key of the order's own, and opened by a recorded reading."""

    async def read(self, id_: str, session: Session = None, *, by: Actor) -> PrintOrder: ...

    async def by_link(self, link_hash: str, *, by: Actor) -> PrintOrder: ...

    async def by_number(self, number: str, *, by: Actor) -> PrintOrder: ...

    async def listed(
        self, state: State | None, *, limit: int, offset: int, by: Actor
    ) -> tuple[Sequence[PrintOrder], int]: ...

    async def add(
        self, session: Session, order: PrintOrder, link_hash: str, cipher: Mapping[str, bytes]
    ) -> None: ...

    async def save(self, session: Session, order: PrintOrder, *, by: Actor) -> PrintOrder: ...

    async def seal(self, order_id: str, contact: Contact, *, by: Actor) -> Mapping[str, bytes]: ...

    async def contacts(
        self, orders: Sequence[PrintOrder], *, by: Actor
    ) -> Sealed[Mapping[str, Contact]]: ...

    async def contact(self, order_id: str, *, by: Actor) -> Contact | None: ...

    async def sent_before(self, moment: datetime, *, by: Actor) -> Sequence[PrintOrder]: ...

    async def forget_due(self, now: datetime, *, by: Actor) -> int: ...
