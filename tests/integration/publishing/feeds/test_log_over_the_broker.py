"""Events from the broker become entries: each once, in order, without gaps; and some never."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import aio_pika
import pytest
from aio_pika.abc import AbstractRobustConnection
from aiormq.exceptions import ChannelAccessRefused

from services.publishing.feeds.log.writer import LogWriter
from shared.broker import names
from shared.broker.connection import Bus, make_broker
from shared.contracts import booking, mentoring
from shared.contracts.envelope import Envelope
from shared.contracts.event import Contract
from shared.delivery.parking import ParkedCollector
from shared.kernel.ids import new_id
from tests.integration.publishing.feeds.partners_world import Partnered, an_occasion, told_as
from tests.support.eventually import eventually
from tests.support.servers import RealServers

FEED = names.feed_queue("publishing")
PATIENT = 40.0
MEETING = mentoring.MeetingScheduled
AT = datetime(2027, 2, 1, 9, tzinfo=UTC)


@dataclass
class Broker:
    """The real one: tellers with their own users, and the feed's writer with publishing's."""

    servers: RealServers
    administrator: AbstractRobustConnection
    partnered: Partnered

    async def tell(
        self, *envelopes: Envelope, user: str = "booking", key: str = "", times: int = 1
    ) -> None:
        """Publish as a service's own user, confirmed."""
        connection = await aio_pika.connect(self.servers.amqp_url(user))
        async with connection:
            channel = await connection.channel(on_return_raises=False)
            exchange = await channel.get_exchange(names.EVENTS, ensure=False)
            for one in envelopes:
                message = aio_pika.Message(one.to_bytes(), user_id=user)
                for _ in range(times):
                    routing_key = key or one.type.removeprefix("se.safespace.")
                    await exchange.publish(message, routing_key, mandatory=False, timeout=30)

    @asynccontextmanager
    async def writing(self, tries: int = 2) -> AsyncIterator[LogWriter]:
        """The feed's writer at work, and the collector of what it gives up."""
        bus = make_broker([self.servers.amqp_url("publishing")], user="publishing")
        feeds = self.partnered.feeds
        writer = LogWriter("publishing", bus, feeds.log, feeds.ground.transact, tries=tries)
        ParkedCollector("publishing", bus, feeds.ground.database)
        running = await _started(bus, writer)
        try:
            yield writer
        finally:
            await bus.stop()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def log(self) -> list[tuple[int, str]]:
        """Positions and ids."""
        rows = await self.partnered.world.rows("feed_log")
        return [(row["_id"], row["event_id"]) for row in rows]

    async def parked(self) -> list[str]:
        """The reasons of what was given up."""
        return [row["reason"] for row in await self.partnered.world.rows("dead_letters")]

    @asynccontextmanager
    async def bound_by_hand(self, key: str) -> AsyncIterator[None]:
        """Somebody with all rights makes a mistake."""
        channel = await self.administrator.channel()
        queue = await channel.get_queue(FEED, ensure=False)
        await queue.bind(names.EVENTS, key)
        try:
            yield
        finally:
            await queue.unbind(names.EVENTS, key)
            await channel.close()


async def _started(bus: Bus, writer: LogWriter) -> asyncio.Task[None]:
    running = asyncio.create_task(writer.run())
    await bus.start()
    return running


@pytest.fixture
async def broker(
    servers: RealServers,
    clean_queues: None,
    amqp_administrator: AbstractRobustConnection,
    partnered: Partnered,
) -> Broker:
    return Broker(servers, amqp_administrator, partnered)


def a_meeting() -> Envelope:
    told = MEETING(
        recipient_id="r1",
        meeting_id="m1",
        starts_at=AT,
        ends_at=AT,
        zone="Europe/Stockholm",
    )
    return told_as(told, "m1")


@pytest.mark.parametrize("stops", [2, pytest.param(25, marks=pytest.mark.long)])
async def test_each_once_in_order_and_without_gaps(broker: Broker, stops: int) -> None:
    """Copies, and writers that stop in the middle: 1, 2, 3 …, each subject in its order."""
    subjects = [new_id() for _ in range(4)]
    told = [an_occasion(subjects[n % 4], n // 4 + 1) for n in range(40 * (stops + 1))]
    for stop in range(stops):
        async with broker.writing():
            await broker.tell(*told[stop * 40 : stop * 40 + 40], times=2)
            await eventually(lambda: _at_least(broker, stop * 40 + 10), within=PATIENT)  # noqa: B023
    await broker.tell(*told[stops * 40 :])
    async with broker.writing():
        await eventually(lambda: _at_least(broker, len(told)), within=PATIENT)
    log = await broker.log()
    assert [position for position, _ in log] == list(range(1, len(told) + 1))
    for subject in subjects:
        wanted = [one.id for one in told if one.subject == subject]
        assert [event_id for _, event_id in log if event_id in set(wanted)] == wanted
    assert await broker.parked() == []


async def _at_least(broker: Broker, count: int) -> bool:
    return len(await broker.log()) >= count


async def test_what_cannot_be_an_entry_is_parked_and_the_rest_goes_on(broker: Broker) -> None:
    """Unreadable, internal, not what it says: none takes a position, each with its reason."""
    good, last = an_occasion(), an_occasion()
    broken = good.model_copy(update={"id": new_id(), "data": {"odd": 1}})
    other = good.model_copy(update={"id": new_id(), "source": "/publishing"})
    async with broker.writing():
        await broker.tell(good, broken, other, last)
        await eventually(lambda: _at_least(broker, 2), within=PATIENT)
        await eventually(lambda: _parked(broker, 2), within=PATIENT)
    assert await broker.log() == [(1, good.id), (2, last.id)]
    assert sorted(await broker.parked()) == ["not-as-agreed", "not-what-it-says"]


async def _parked(broker: Broker, count: int) -> bool:
    return len(await broker.parked()) == count


async def test_what_keeps_failing_is_parked_and_comes_late_if_replayed(
    broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others do not wait for it for ever; replayed it gets the next position."""
    bad, good = an_occasion(), an_occasion()
    log = broker.partnered.feeds.log
    real = log.append
    broken = {"yes": True}

    async def append(
        session: object, told: Sequence[tuple[Envelope, str, str]], at: datetime
    ) -> int:
        if broken["yes"] and any(one.id == bad.id for one, *_ in told):
            raise ValueError
        return await real(session, told, at)  # type: ignore[arg-type]

    monkeypatch.setattr(log, "append", append)
    async with broker.writing():
        await broker.tell(bad, good)
        await eventually(lambda: _at_least(broker, 1), within=PATIENT)
        await eventually(lambda: _parked(broker, 1), within=PATIENT)
        broken["yes"] = False
        await _replay(broker, bad)
        await eventually(lambda: _at_least(broker, 2), within=PATIENT)
    assert await broker.log() == [(1, good.id), (2, bad.id)]
    assert await broker.parked() == ["ValueError"]


async def _replay(broker: Broker, envelope: Envelope) -> None:
    """As the relay sends what an operator replays: through the shortest waiting room."""
    connection = await aio_pika.connect(broker.servers.amqp_url("publishing"))
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(names.retry_exchange("publishing"), ensure=False)
        first = envelope.type.removeprefix("se.safespace.")
        headers = {"x-safespace-routing-key": first}
        message = aio_pika.Message(
            envelope.to_bytes(), headers=headers, delivery_mode=2, user_id="publishing"
        )
        await exchange.publish(message, names.delay_queue("publishing", FEED, "1s"), timeout=30)


async def test_mentorings_user_cannot_tell_in_anothers_name(broker: Broker) -> None:
    """Nor can another tell what is mentoring's: the broker refuses both."""
    for user, one in (("mentoring", an_occasion()), ("booking", a_meeting())):
        with pytest.raises(ChannelAccessRefused):
            await broker.tell(one, user=user)


async def test_a_binding_by_hand_brings_nothing_of_mentorings(broker: Broker) -> None:
    """Bound to everything of mentoring's by somebody with all rights: parked, and no entry."""
    witness = an_occasion()
    async with broker.bound_by_hand("mentoring.#"), broker.writing():
        await broker.tell(a_meeting(), user="mentoring")
        await broker.tell(witness)
        await eventually(lambda: _parked(broker, 1), within=PATIENT)
        await eventually(lambda: _at_least(broker, 1), within=PATIENT)
    assert await broker.log() == [(1, witness.id)]
    assert await broker.parked() == ["teller-not-for-feeds"]


@pytest.mark.parametrize("audience", ["partner", "public"])
async def test_an_audience_widened_by_mistake_changes_nothing(
    broker: Broker, monkeypatch: pytest.MonkeyPatch, audience: str
) -> None:
    """The contract says public, the binding is there: it is still mentoring's."""
    monkeypatch.setattr(MEETING, "audience", audience)
    witness = an_occasion()
    async with broker.bound_by_hand(MEETING.routing_key()), broker.writing():
        await broker.tell(a_meeting(), user="mentoring")
        await broker.tell(witness)
        await eventually(lambda: _at_least(broker, 1), within=PATIENT)
        await eventually(lambda: _parked(broker, 1), within=PATIENT)
    assert await broker.log() == [(1, witness.id)]


async def test_a_case_in_anothers_clothes_is_no_entry(broker: Broker) -> None:
    """Mentoring's data under booking's source and key, told by booking's own user: parked."""
    meeting = a_meeting()
    dressed = meeting.model_copy(update={"source": "/booking"})
    as_other = meeting.model_copy(
        update={"id": new_id(), "type": booking.OccasionPublished.event_type()}
    )
    key = booking.OccasionPublished.routing_key()
    async with broker.writing():
        await broker.tell(dressed, as_other, user="booking", key=key)
        await eventually(lambda: _parked(broker, 2), within=PATIENT)
    assert await broker.log() == []


def test_no_contract_of_mentorings_is_for_partners_but_the_counts() -> None:
    """Said in the contracts too: what is added there is internal unless somebody changes this."""
    wide = [
        one.routing_key()
        for one in vars(mentoring).values()
        if isinstance(one, type)
        and issubclass(one, Contract)
        and getattr(one, "name", "")
        and one.audience != "internal"
    ]
    assert wide == ["mentoring.statistics-published.v1"]
