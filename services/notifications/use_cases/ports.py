"""What the use cases need from outside, stated once; `storage` and `channels` fulfil it.

Whatever a store tells, it tells somebody: `by`.
"""
# ruff: noqa: D102 - what each method does is said where it is fulfilled

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, TypeAlias, TypeVar

from services.notifications.domain.channel_plan import Channel
from services.notifications.domain.delivery import Delivery
from services.notifications.domain.delivery import State as DeliveryState
from services.notifications.domain.message import Message
from services.notifications.domain.message import State as MessageState
from services.notifications.domain.news import Happened
from services.notifications.domain.recipient_card import Card, Contact, Recipient
from services.notifications.domain.reconciling import Entry
from services.notifications.domain.reminders import Reminder
from services.notifications.domain.replies import OpenOffer
from services.notifications.domain.story import Story
from shared.audit.sealed import Sealed
from shared.kernel.actor import Actor

T = TypeVar("T")
Session: TypeAlias = Any
"""A transaction in hand. The use cases only pass it on."""


class Transact(Protocol):
    """Run database work in one transaction; it may be called again, so it does nothing else."""

    async def __call__(self, work: Callable[[Session], Awaitable[T]]) -> T: ...


class Tell(Protocol):
    """Save events in the caller's transaction, to be told after the commit."""

    async def __call__(self, session: Session, *news: Happened) -> None: ...


class Holdings(Protocol):
    """How much there is of a recipient."""

    async def of(
        self, session: Session, recipient: Recipient, *, by: Actor
    ) -> Mapping[str, int]: ...


class Cards(Protocol):
    """Contact cards: fingerprints in the open, fields under the person's key."""

    async def find(
        self, recipient: Recipient, session: Session | None = None, *, by: Actor
    ) -> Card | None: ...
    async def hold(self, session: Session, recipient: Recipient, *, by: Actor) -> Card | None: ...
    async def seal(self, recipient: Recipient, contact: Contact) -> Mapping[str, bytes]: ...
    async def keep(self, session: Session, card: Card, cipher: Mapping[str, bytes]) -> None: ...
    async def forget(self, session: Session, recipient: Recipient) -> None: ...
    async def blind(self, recipient: Recipient) -> None: ...
    async def contact(self, recipient: Recipient, *, by: Actor) -> Contact | None: ...
    async def shown(self, recipient: Recipient, *, by: Actor) -> Sealed[Contact | None]: ...
    async def by_link(self, link: str, *, by: Actor) -> Card | None: ...
    async def by_number(self, number: str, *, by: Actor) -> Sequence[Card]: ...


class Stories(Protocol):
    """What was told of each booking."""

    async def find(
        self, session: Session | None, booking_id: str, *, by: Actor
    ) -> Story | None: ...
    async def keep(self, session: Session, story: Story) -> None: ...
    async def forget(self, session: Session, recipient: Recipient) -> None: ...


class Messages(Protocol):
    """Messages by id, by what they are about, by whom they are for."""

    async def add(self, session: Session, message: Message) -> None: ...
    async def find(
        self, message_id: str, session: Session | None = None, *, by: Actor
    ) -> Message | None: ...
    async def waiting(
        self, session: Session, recipient: Recipient, *, by: Actor
    ) -> Sequence[Message]: ...
    async def waited_since(
        self, before: datetime, limit: int, *, by: Actor
    ) -> Sequence[Message]: ...
    async def listed(
        self,
        *,
        about: str | None,
        recipient: Recipient | None,
        limit: int,
        offset: int,
        by: Actor,
    ) -> tuple[list[Message], int]: ...
    async def inbox(
        self, recipient: Recipient, *, limit: int, offset: int, by: Actor
    ) -> tuple[list[Message], int]: ...
    async def reminders(
        self, session: Session | None, about: str, *, by: Actor
    ) -> Sequence[Message]: ...
    async def set_state(self, session: Session, message: Message, state: MessageState) -> None: ...
    async def forget(self, session: Session, recipient: Recipient) -> None: ...


class Deliveries(Protocol):
    """The delivery queue."""

    async def add(self, session: Session, rows: Sequence[Delivery]) -> None: ...
    async def find(
        self, delivery_id: str, session: Session | None = None, *, by: Actor
    ) -> Delivery | None: ...
    async def of(
        self, message_id: str, session: Session | None = None, *, by: Actor
    ) -> Sequence[Delivery]: ...
    async def move(
        self,
        delivery_id: str,
        to: DeliveryState,
        *,
        since: Collection[DeliveryState],
        by: Actor,
        session: Session | None = None,
        attempt: int | None = None,
        **fields: Any,
    ) -> Delivery | None: ...
    async def claim(
        self,
        channel: Channel,
        real: datetime,
        domain: datetime,
        lease: timedelta,
        busy: Collection[str],
        *,
        by: Actor,
    ) -> Delivery | None: ...
    async def claim_unresolved(
        self, real: datetime, hold: timedelta, *, by: Actor
    ) -> Delivery | None: ...
    async def name_it(self, session: Session, delivery_id: str, provider_id: str) -> None: ...
    async def claimed(self, provider_ids: Collection[str], *, by: Actor) -> frozenset[str]: ...
    async def uncertain(
        self, *, limit: int, offset: int, by: Actor
    ) -> tuple[list[Delivery], int]: ...
    async def withdraw(self, session: Session, message_id: str) -> None: ...
    async def readdress(self, session: Session, card: Card) -> None: ...
    async def forget(self, session: Session, recipient: Recipient) -> None: ...


class Reminders(Protocol):
    """Reminders by due time."""

    async def settle(
        self, session: Session, recipient: Recipient, booking_id: str, planned: Sequence[Reminder]
    ) -> None: ...
    async def due(
        self, now: datetime, limit: int, *, by: Actor
    ) -> Sequence[tuple[Recipient, Reminder]]: ...
    async def take(
        self, session: Session, reminder: Reminder, state: str, *, by: Actor
    ) -> bool: ...
    async def forget(self, session: Session, recipient: Recipient) -> None: ...


class Offers(Protocol):
    """Offers with their codes, by number."""

    async def made(
        self, session: Session, story: Story, offer_id: str, number: str | None, *, live: bool
    ) -> None: ...
    async def only_live(self, session: Session, booking_id: str, live: str | None) -> None: ...
    async def renumber(self, session: Session, card: Card) -> None: ...
    async def code_of(self, offer_id: str, *, by: Actor) -> int | None: ...
    async def to_number(
        self, session: Session | None, number: str, *, by: Actor
    ) -> Sequence[OpenOffer]: ...
    async def answered(self, session: Session, offer_id: str, *, by: Actor) -> AnsweredOffer: ...
    async def forget(self, session: Session, recipient: Recipient) -> None: ...


@dataclass(frozen=True, slots=True)
class AnsweredOffer:
    """Which booking an answer is about, whose it is, and the how-manieth answer it is."""

    booking_id: str
    recipient: Recipient
    answers: int


class Replies(Protocol):
    """Inbound SMS that were taken: provider id and what came of it, never the text."""

    async def first_time(
        self, session: Session, provider_id: str, number: str, meant: str, *, by: Actor
    ) -> bool: ...
    async def may_help(
        self, session: Session, number: str, day: str, kind: str, most: int, *, by: Actor
    ) -> bool: ...


class Numbers(Protocol):
    """Fingerprints of addresses (keyed HMAC)."""

    def of_phone(self, phone: str) -> str: ...
    def of_email(self, email: str) -> str: ...
    def of_link(self, secret: str) -> str: ...


@dataclass(frozen=True, slots=True)
class Letter:
    """A message made ready for one channel."""

    language: str
    sms: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    calendar: bytes | None = None
    calendar_method: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """How handing over went.

    taken: the provider has it. refused: it never will take it. not-now: it certainly did not take
    it, and may later. unknown: nobody can say.
    """

    kind: Literal["taken", "refused", "not-now", "unknown"]
    provider_id: str | None = None
    status: DeliveryState = "accepted"
    why: str | None = None


class Courier(Protocol):
    """One way out of the house."""

    async def send(self, delivery: Delivery, contact: Contact, letter: Letter) -> Handed: ...


class ProviderList(Protocol):
    """The SMS provider's own list."""

    async def sent_to(self, phone: str, since: datetime) -> Sequence[Entry] | None: ...
