"""The telling end (booking) and the hearing end (notifications), with what tests need of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import aio_pika

from shared.broker.connection import Bus, make_broker
from shared.broker.names import DELAYS, delay_queue
from shared.contracts.booking import HeadCountChanged, OccasionFacts
from shared.contracts.cards import BookingContactCardSealed
from shared.contracts.envelope import Envelope
from shared.contracts.event import Contract, News
from shared.delivery.inbox import SUPERSEDED, Inbox, Outcome
from shared.delivery.lease import Lease
from shared.delivery.listener import Handler, Listener
from shared.delivery.outbox import Outbox
from shared.delivery.parking import ParkedCollector
from shared.delivery.relay import Relay
from shared.delivery.retries import Retries
from shared.kernel.ids import new_id
from shared.mongo.client import Database, Document, Session, connect, database_of
from shared.mongo.transactions import transact
from tests.support.eventually import eventually
from tests.support.servers import RealServers

EFFECTS, NEWEST = "effects", "newest"
QUICK = (("1s", 1), ("1s", 1))
"""A ladder of two short steps."""


OCCASION = OccasionFacts(
    occasion_id=new_id(),
    title="Workshop",
    kind="workshop",
    starts_at=datetime(2027, 2, 1, 9, tzinfo=UTC),
    ends_at=datetime(2027, 2, 1, 11, tzinfo=UTC),
    zone="Europe/Stockholm",
    room="Stora salen",
)


def head_count(subject: str, sequence: int) -> News:
    """An event about a booking, at a place in its order."""
    data = HeadCountChanged(
        booking_id=subject, recipient_id=subject, size=20, occasion=OCCASION, state="confirmed"
    )
    return News(data, subject, sequence)


def card(subject: str, revision: int = 1) -> News:
    """A sealed event."""
    data = BookingContactCardSealed(
        recipient_id=subject, revision=revision, key_id="k", box="c2VhbGVk"
    )
    return News(data, subject, revision)


class Ends:
    """Both services' databases; starts relays and listeners and stops them all at the end."""

    def __init__(self, servers: RealServers) -> None:
        self.servers = servers
        self.booking = self._database("booking")
        self.notifications = self._database("notifications")
        self._buses: list[Bus] = []
        self._tasks: list[asyncio.Task[None]] = []

    def _database(self, service: str) -> Database:
        url = self.servers.mongo_url(service)
        return database_of(connect(url), url)

    def bus(self, service: str) -> Bus:
        """A bus that is not started yet."""
        bus = make_broker([self.servers.amqp_url(service)], user=service)
        self._buses.append(bus)
        return bus

    async def tell(self, *news: News) -> list[str]:
        """Commit events in booking, in one transaction; gives back their ids."""
        outbox = Outbox(self.booking)
        rows = outbox.rows(news)
        await transact(self.booking.client, lambda session: outbox.add(session, rows))
        return [row["_id"] for row in rows]

    async def tell_and_fail(self, *news: News) -> None:
        """Save events and then fail, inside the transaction."""
        outbox = Outbox(self.booking)

        async def work(session: Session) -> None:
            await outbox.tell(session, *news)
            raise ZeroDivisionError

        await transact(self.booking.client, work)

    async def relay(self, *, lease: bool = True) -> asyncio.Task[None]:
        """Start a relay of booking on a bus of its own."""
        return await self._relay("booking", self.booking, lease)

    async def relay_of_notifications(self) -> asyncio.Task[None]:
        """Start a relay of notifications; replays need it."""
        return await self._relay("notifications", self.notifications, True)

    async def _relay(self, service: str, database: Database, lease: bool) -> asyncio.Task[None]:
        bus = self.bus(service)
        await bus.start()
        relay = Relay(database, bus)
        if not lease:
            relay._lease = Lease(database, new_id())
        task = asyncio.create_task(relay.run())
        self._tasks.append(task)
        return task

    async def listen(
        self,
        handlers: Mapping[type[Contract], Handler],
        *,
        steps: Sequence[tuple[str, int]] = QUICK,
        inbox: Inbox | None = None,
        prefetch: int = 32,
    ) -> Bus:
        """Start notifications' listener and its collector of parked messages."""
        bus = make_broker(
            [self.servers.amqp_url("notifications")], user="notifications", prefetch=prefetch
        )
        self._buses.append(bus)
        retries = Retries("notifications", bus, steps)
        Listener("notifications", bus, handlers, self.notifications, retries=retries, inbox=inbox)
        ParkedCollector("notifications", bus, self.notifications)
        await bus.start()
        return bus

    async def note(self, envelope: Envelope, data: Any, session: Session) -> None:
        """A handler whose effect is one more row."""
        row = {"_id": new_id(), "event_id": envelope.id, "subject": envelope.subject}
        row["sequence"] = envelope.sequence
        await self.notifications[EFFECTS].insert_one(row, session=session)

    async def keep_newest(self, envelope: Envelope, data: Any, session: Session) -> Outcome | None:
        """A handler that knows by its own row what is the newest of a subject."""
        rows = self.notifications[NEWEST]
        known = await rows.find_one({"_id": envelope.subject}, session=session)
        if known is not None and known["sequence"] > envelope.sequence:
            return SUPERSEDED
        row = {"_id": envelope.subject, "sequence": envelope.sequence}
        await rows.replace_one({"_id": envelope.subject}, row, upsert=True, session=session)
        await self.note(envelope, data, session)
        return None

    async def effects(self, **wanted: Any) -> list[Document]:
        """The rows of `note`, in the order in which they were written."""
        return await self.notifications[EFFECTS].find(wanted).sort("_id", 1).to_list(None)

    async def effects_reach(self, count: int) -> list[Document]:
        """Wait until there are so many."""

        async def enough() -> list[Document] | None:
            found = await self.effects()
            return found if len(found) >= count else None

        return await eventually(enough) or []

    async def all_sent(self) -> None:
        """Wait until the outbox holds nothing unsent."""

        async def none_left() -> bool:
            return await self.booking["outbox"].count_documents({"state": "unsent"}) == 0

        await eventually(none_left)

    async def waiting_in(self, queue: str) -> int:
        """How many messages lie ready in a queue."""
        connection = await aio_pika.connect(self.servers.amqp_administrator_url)
        async with connection:
            channel = await connection.channel()
            found = await channel.declare_queue(queue, passive=True)
            return found.declaration_result.message_count or 0

    async def quiet(self) -> None:
        """Wait until nothing is unsent, lies in a queue or waiting room, or is at work."""
        queues = ["notifications.from-booking", "notifications.parked"]
        queues += [delay_queue("notifications", queues[0], step) for step, _ in DELAYS[:2]]
        calm = 0

        async def still() -> bool:
            nonlocal calm
            counts = [await self.waiting_in(queue) for queue in queues]
            busy = any(counts) or any(bus._at_work for bus in self._buses)
            calm = 0 if busy else calm + 1
            return calm == 3

        await self.all_sent()
        await eventually(still, every=0.05)

    async def close(self) -> None:
        """Stop everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for bus in self._buses:
            await bus.stop()
        for database in (self.booking, self.notifications):
            database.client.close()
