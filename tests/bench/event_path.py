"""How long an event takes from commit to effect, and how many there can be per second.

Each figure stands beside a raw one from the same run, with the same processes, durability, prefetch
and number in flight. `python -m tests.bench.event_path <data folder>` prints them for a folder in
which `python -m deploy.local servers` runs.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aio_pika
import uvloop
from aio_pika import DeliveryMode, Message

from deploy.local.data_folder import data_folder
from shared.delivery.indexes import ensure_delivery_indexes
from shared.delivery.outbox import Outbox
from shared.kernel.ids import new_id
from shared.mongo.client import Database, Session
from shared.mongo.transactions import transact
from tests.bench.event_path_ends import RAW_QUEUE, Heard, database_at, ends
from tests.integration.delivery.ends import head_count
from tests.support.servers import RealServers

IN_FLIGHT = 32


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds."""

    p50: float
    p99: float
    count: int


@dataclass(frozen=True, slots=True)
class Latency:
    """Commit → effect committed, beside raw publish → consume, which no database takes part in.

    `bare` has our writes and confirms and nothing else: transaction, publish by the teller itself,
    consume, transaction. What it lacks is that a teller who dies has told all the same.
    """

    rate: str
    ours: Spread
    raw: Spread
    bare: Spread


@dataclass(frozen=True, slots=True)
class Throughput:
    """Events per second, end to end. `bare` writes the same documents, `barest` one per side."""

    ours: float
    bare: float
    barest: float

    @property
    def ratio(self) -> float:
        """Ours to the bare loop that writes the same."""
        return self.ours / self.bare


@dataclass(frozen=True, slots=True)
class EventPath:
    """All of it."""

    idle: Latency
    at_100: Latency
    throughput: Throughput


async def measure(
    servers: RealServers, *, idle_events: int = 150, busy_events: int = 600, flood: int = 2500
) -> EventPath:
    """Everything, one after the other. The numbers of events say how long it takes."""
    async with raw_queue(servers):
        return EventPath(
            idle=await latency(servers, "idle", idle_events, gap=0.05),
            at_100=await latency(servers, "100/s", busy_events, gap=0.01),
            throughput=await throughput(servers, flood),
        )


async def latency(servers: RealServers, rate: str, count: int, *, gap: float) -> Latency:
    """One event every `gap` seconds: ours, then raw, then bare."""
    return Latency(
        rate,
        ours=await _latency_ours(servers, count, gap),
        raw=await _latency_raw(servers, count, gap),
        bare=await _latency_bare(servers, count, gap),
    )


async def _latency_ours(servers: RealServers, count: int, gap: float) -> Spread:
    database = database_at(servers, "booking")
    outbox = Outbox(database)

    async def commit() -> tuple[str, int]:
        rows = outbox.rows([head_count(new_id(), 1)])
        await transact(database.client, lambda session: outbox.add(session, rows))
        return rows[0]["_id"], time.monotonic_ns()

    async with ends(servers, "relay", "listen") as heard:
        return await _heard_of(commit, heard, count, gap)


async def _latency_raw(servers: RealServers, count: int, gap: float) -> Spread:
    connection = await aio_pika.connect(servers.amqp_administrator_url)
    async with connection, ends(servers, "echo") as heard:
        publish = await _publisher(connection)

        async def tell() -> tuple[str, int]:
            name, begun = new_id(), time.monotonic_ns()
            await publish(name, b"x" * 600)
            return name, begun

        return await _heard_of(tell, heard, count, gap)


async def _latency_bare(servers: RealServers, count: int, gap: float) -> Spread:
    database = database_at(servers, "booking")
    outbox = Outbox(database)
    connection = await aio_pika.connect(servers.amqp_administrator_url)
    async with connection, ends(servers, "consume", writes="2") as heard:
        publish = await _publisher(connection)

        async def tell() -> tuple[str, int]:
            [row] = outbox.rows([head_count(new_id(), 1)])

            async def work(session: Session) -> None:
                await database["bench_rows"].insert_one(row, session=session)

            await transact(database.client, work)
            begun = time.monotonic_ns()
            await publish(row["_id"], row["body"])
            return str(row["_id"]), begun

        return await _heard_of(tell, heard, count, gap)


async def _heard_of(
    one: Callable[[], Awaitable[tuple[str, int]]], heard: Heard, count: int, gap: float
) -> Spread:
    await one()
    told = await _paced(one, count, gap)
    return _spread(told, await heard(set(told)))


async def throughput(servers: RealServers, count: int) -> Throughput:
    """So many events as fast as they go, by 32 tellers."""
    ours = await _flood_ours(servers, count)
    bare = await _flood_bare(servers, count, writes=2)
    barest = await _flood_bare(servers, count, writes=1)
    return Throughput(ours, bare, barest)


async def _flood_ours(servers: RealServers, count: int) -> float:
    database = database_at(servers, "booking")
    outbox = Outbox(database)

    async def tell() -> str:
        rows = outbox.rows([head_count(new_id(), 1)])

        async def work(session: Session) -> None:
            await _business(database, session)
            await outbox.add(session, rows)

        await transact(database.client, work)
        return str(rows[0]["_id"])

    async with ends(servers, "relay", "listen") as heard:
        return await _flood(tell, count, heard)


async def _flood_bare(servers: RealServers, count: int, *, writes: int) -> float:
    database = database_at(servers, "booking")
    outbox = Outbox(database)
    connection = await aio_pika.connect(servers.amqp_administrator_url)
    async with connection, ends(servers, "consume", writes=str(writes)) as heard:
        publish = await _publisher(connection)

        async def tell() -> str:
            [row] = outbox.rows([head_count(new_id(), 1)])

            async def work(session: Session) -> None:
                await _business(database, session)
                if writes == 2:
                    await database["bench_rows"].insert_one(row, session=session)

            await transact(database.client, work)
            await publish(row["_id"], row["body"])
            return str(row["_id"])

        return await _flood(tell, count, heard)


async def _business(database: Database, session: Session) -> None:
    await database["bench_business"].insert_one({"_id": new_id()}, session=session)


async def _flood(tell: Callable[[], Awaitable[str]], count: int, heard: Heard) -> float:
    await tell()
    left = iter(range(count))
    told: set[str] = set()

    async def teller() -> None:
        for _ in left:
            told.add(await tell())

    begun = time.monotonic_ns()
    await asyncio.gather(*(teller() for _ in range(IN_FLIGHT)))
    times = await heard(told)
    return count / (max(times[name] for name in told) - begun) * 1e9


async def _paced(
    one: Callable[[], Awaitable[tuple[str, int]]], count: int, gap: float
) -> dict[str, int]:
    """Begin one every `gap` seconds, whether or not the last has ended."""
    running = []
    for _ in range(count):
        running.append(asyncio.ensure_future(one()))
        await asyncio.sleep(gap)
    return dict(await asyncio.gather(*running))


async def _publisher(
    connection: aio_pika.abc.AbstractConnection,
) -> Callable[[str, bytes], Awaitable[None]]:
    channel = await connection.channel(publisher_confirms=True, on_return_raises=True)

    async def publish(name: str, body: bytes) -> None:
        message = Message(body, message_id=name, delivery_mode=DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, RAW_QUEUE)

    return publish


def _spread(begun: dict[str, int], ended: dict[str, int]) -> Spread:
    took = sorted((ended[name] - at) / 1e6 for name, at in begun.items())
    return Spread(_quantile(took, 0.5), _quantile(took, 0.99), len(took))


def _quantile(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@asynccontextmanager
async def raw_queue(servers: RealServers) -> AsyncIterator[None]:
    """A quorum queue as durable as ours, for the raw figures; and clean, indexed collections."""
    for service in ("booking", "notifications"):
        await ensure_delivery_indexes(database_at(servers, service))
    connection = await aio_pika.connect(servers.amqp_administrator_url)
    async with connection:
        channel = await connection.channel()
        kind = {"x-queue-type": "quorum"}
        queue = await channel.declare_queue(RAW_QUEUE, durable=True, arguments=kind)
        try:
            yield
        finally:
            await queue.delete(if_unused=False, if_empty=False)


if __name__ == "__main__":
    print(uvloop.run(measure(RealServers(data_folder(sys.argv[1])))))
