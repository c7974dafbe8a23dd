"""Subscribers of these tests, put where they are kept."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from services.publishing.domain.address import Address
from services.publishing.domain.consent import Asked
from services.publishing.domain.links import key_of
from services.publishing.domain.subscriber import Contact, Subscriber, asks, confirms
from services.publishing.storage.subscribers import MongoSubscribers
from shared.kernel.actor import housekeeping
from shared.kernel.ids import new_id
from shared.mongo.client import Database
from shared.mongo.transactions import transact

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
TEST = housekeeping("test")


def asked(at: datetime = NOW) -> Asked:
    return Asked("skolor-1", "web-form", at)


def somebody(*lists: str, at: datetime = NOW, language: str = "sv", **more: Any) -> Subscriber:
    """Confirmed on these lists, an hour after they asked."""
    one = Subscriber(uuid.UUID(new_id()), language, **more)
    for list_id in lists:
        one, _ = asks(one, {list_id: asked(at)})
        one = confirms(one, key_of(list_id), 1, at + timedelta(hours=1))
    return one


@dataclass(frozen=True)
class People:
    """Everybody of one test."""

    subscribers: MongoSubscribers
    database: Database

    async def are(self, some: Iterable[Subscriber], first: int = 0) -> list[Subscriber]:
        """They are subscribers from now on, Åsa n at `asa.n@skola.example` from `first` on."""
        people = list(some)
        contacts = [contact(number) for number, _ in enumerate(people, first)]
        sealed = await self.subscribers.seal(
            [(one.id, told) for one, told in zip(people, contacts, strict=True)], by=TEST
        )

        async def work(session: Any) -> None:
            for one, told, cipher in zip(people, contacts, sealed, strict=True):
                assert cipher is not None
                await self.subscribers.add(session, one, told.address, cipher)

        await transact(self.database.client, work)
        found = [await self.subscribers.find(one.id, by=TEST) for one in people]
        return [one for one in found if one is not None]

    async def become(self, before: Subscriber, after: Subscriber) -> None:
        async def work(session: Any) -> None:
            await self.subscribers.save(session, before, after, by=TEST)

        await transact(self.database.client, work)


def contact(number: int) -> Contact:
    return Contact(Address(f"asa.{number}", "skola.example"), f"Åsa {number}")
