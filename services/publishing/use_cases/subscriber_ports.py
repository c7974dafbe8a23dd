"""What is needed from outside about subscribers; `storage` fulfils it.

Whatever a store tells, it tells somebody: `by`.
"""
# ruff: noqa: D102 - what each method does is said where it is fulfilled

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Protocol, TypeAlias, TypeVar

from services.publishing.domain.address import Address
from services.publishing.domain.letter import Letter
from services.publishing.domain.newsletter_list import NewsletterList
from services.publishing.domain.saved_segment import SavedSegment
from services.publishing.domain.segments import Segment
from services.publishing.domain.subscriber import Contact, Subscriber
from services.publishing.domain.suppression import Cause, Suppression
from services.publishing.use_cases.ports import Session
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor

T = TypeVar("T")
Also = Callable[[Session, T], Awaitable[None]]
"""Done with the result, in the transaction of its effect: the answer is kept there."""
Cipher = Mapping[str, bytes]


class Lists(Protocol):
    """What can be subscribed to."""

    async def find(
        self, list_id: str, session: Session | None = None, *, by: Actor
    ) -> NewsletterList | None: ...
    async def all(self, *, by: Actor, only_open: bool = False) -> Sequence[NewsletterList]: ...
    async def save(self, session: Session, one: NewsletterList, *, by: Actor) -> int: ...


class Segments(Protocol):
    """Saved questions."""

    async def find(
        self, segment_id: str, session: Session | None = None, *, by: Actor
    ) -> SavedSegment | None: ...
    async def page(
        self, *, limit: int, offset: int, by: Actor
    ) -> tuple[list[SavedSegment], int]: ...
    async def save(self, session: Session, one: SavedSegment, *, by: Actor) -> int: ...
    async def drop(self, session: Session, one: SavedSegment) -> None: ...


class Fingerprinting(Protocol):
    """Knows a mailbox again without reading it."""

    def of(self, one: Address) -> str: ...


class Suppressions(Protocol):
    """Mailboxes that are not written to."""

    async def add(self, session: Session, one: Suppression) -> None: ...
    async def lift(self, session: Session, fingerprint: str, cause: Cause) -> None: ...
    async def causes(
        self, fingerprints: Collection[str], session: Session | None = None, *, by: Actor
    ) -> Mapping[str, frozenset[Cause]]: ...
    async def count(self, cause: Cause, *, by: Actor) -> int: ...


class Letters(Protocol):
    """The queue of single letters."""

    async def add(self, session: Session, letters: Sequence[Letter]) -> None: ...


class Subscribers(Protocol):
    """One document per mailbox; the address is sealed."""

    async def find(
        self, subscriber: uuid.UUID, session: Session | None = None, *, by: Actor
    ) -> Subscriber | None: ...
    async def at(
        self, fingerprint: str, session: Session | None = None, *, by: Actor
    ) -> Subscriber | None: ...
    async def listed(
        self, asked: Mapping[str, str], *, limit: int, offset: int, by: Actor
    ) -> tuple[list[Subscriber], int]: ...
    async def count(self, list_id: str, segment: Segment, *, by: Actor) -> int: ...
    async def seal(
        self, people: Sequence[tuple[uuid.UUID, Contact]], *, by: Actor
    ) -> list[Cipher | None]: ...
    async def add(
        self, session: Session, one: Subscriber, address: Address, cipher: Cipher
    ) -> None: ...
    async def save(
        self, session: Session, before: Subscriber, after: Subscriber, *, by: Actor
    ) -> Subscriber: ...
    async def contact(self, subscriber: uuid.UUID, *, by: Actor) -> Contact | None: ...
    async def shown(self, subscriber: uuid.UUID, *, by: Actor) -> Sealed[Contact | None]: ...
    def is_taken(self, error: BaseException) -> bool: ...


Newcomers: TypeAlias = Sequence[tuple[Subscriber, str, Cipher]]
"""Somebody new each, with the fingerprint of their mailbox."""


class Keeping(Protocol):
    """Subscribers, many at a time."""

    async def at_all(self, blinds: Sequence[str], *, by: Actor) -> Mapping[str, Subscriber]:
        """Those whose mailbox is known, by fingerprint."""
        ...

    async def seal(
        self, people: Sequence[tuple[uuid.UUID, Contact]], *, by: Actor
    ) -> list[Cipher | None]:
        """Their sealed parts."""
        ...

    async def add_all(self, session: Session, new: Newcomers) -> None:
        """Write them."""
        ...

    async def save_all(
        self, session: Session, changed: Sequence[tuple[Subscriber, Subscriber]]
    ) -> None:
        """Before and after of each; raises VersionConflict if one was changed meanwhile."""
        ...

    def is_taken(self, error: BaseException) -> bool:
        """Whether an error says that a mailbox is somebody's already."""
        ...
