"""Staff look at subscribers: how they stand on the lists, and their address with a trace."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from services.publishing.domain.address import address
from services.publishing.domain.subscriber import SHOWN, Contact, Subscriber
from services.publishing.use_cases.subscriber_ports import Fingerprinting, Subscribers
from shared.audit.audit import Audit
from shared.audit.purposes import Purpose
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound

STANDING = ("subscriptions",)


@dataclass(frozen=True, slots=True)
class SeeSubscribers:
    """No address, no name: an id, and how it stands on each list. `list` and `state` narrow it."""

    subscribers: Subscribers

    async def __call__(
        self, asked: Mapping[str, str], *, limit: int, offset: int, by: Actor
    ) -> tuple[list[Subscriber], int]:
        """A page, the oldest first, and how many there are."""
        return await self.subscribers.listed(asked, limit=limit, offset=offset, by=by)

    async def one(self, subscriber: uuid.UUID, *, by: Actor) -> Subscriber:
        """One of them, with what they agreed to and when. Raises NotFound."""
        found = await self.subscribers.find(subscriber, by=by)
        if found is None:
            raise NotFound
        return found


@dataclass(frozen=True, slots=True)
class ReadAddress:
    """The address and name of a subscriber. The reading is recorded before they are shown."""

    subscribers: Subscribers
    audit: Audit

    async def __call__(self, subscriber: uuid.UUID, *, by: Actor) -> Contact:
        """Raises NotFound, AuditUnavailable."""
        async with self.audit.reading(
            by,
            subjects=[str(subscriber)],
            fields=SHOWN,
            purpose=Purpose.CONTACT,
            rule="addresses.read",
        ) as reading:
            contact = await reading.open(await self.subscribers.shown(subscriber, by=by))
        if contact is None:
            raise NotFound
        return contact


@dataclass(frozen=True, slots=True)
class FindByAddress:
    """Whose address it is: somebody calls and wants to know how they stand, or to be taken off.

    That an address is known here says something about its owner, so the finding is recorded.
    """

    subscribers: Subscribers
    fingerprints: Fingerprinting
    audit: Audit

    async def __call__(self, text: str, *, by: Actor) -> Subscriber:
        """Raises NotAnAddress, NotFound, AuditUnavailable."""
        found = await self.subscribers.at(self.fingerprints.of(address(text)), by=by)
        if found is None:
            raise NotFound
        await self.audit.record(
            by,
            subjects=[str(found.id)],
            fields=STANDING,
            purpose=Purpose.CONTACT,
            rule="addresses.read",
        )
        return found
