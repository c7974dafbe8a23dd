"""How fast entries come into the feed log, and from a commit in booking to every partner.

`python -m tests.bench.feeds <data folder> [webhooks] [streams] [pollers]` prints it for a folder in
which `python -m deploy.local servers` runs. Everything shares the machine, partners included.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

import aio_pika
import httpx
import uvloop

from deploy.local.data_folder import data_folder
from services.publishing.feeds.domain.filters import EVERYTHING
from services.publishing.feeds.log.writer import LogWriter
from services.publishing.feeds.parts import Feeds, feeds_on
from services.publishing.feeds.use_cases.keep_partners import Wanted
from services.publishing.main import house_of
from services.publishing.settings import FeedsSettings
from shared.broker import names
from shared.broker.connection import Bus, make_broker
from shared.contracts.booking import OccasionPublished
from shared.contracts.envelope import Envelope
from shared.contracts.event import News
from shared.delivery.indexes import ensure_delivery_indexes
from shared.delivery.outbox import Outbox
from shared.delivery.relay import Relay
from shared.kernel.ids import new_id
from shared.mongo.client import connect, database_of
from shared.mongo.transactions import transact
from tests.integration.publishing.feeds.partners_world import ALL, an_occasion
from tests.integration.publishing.world import OWN
from tests.support.processes import Running, make_processes
from tests.support.servers import RealServers, emptied
from tests.support.world import DOOR, worker_told

EVENTS = 100
PAUSE = 0.1
"""Seconds between commits: ten a second, more than a year of occasions in a day."""


@dataclass
class Arrivals:
    """Event id → when it came, of each kind of door; milliseconds since its commit."""

    committed: dict[str, float] = field(default_factory=dict)
    taken: dict[str, list[tuple[str, float]]] = field(default_factory=dict)

    def came(self, door: str, event_id: str) -> None:
        self.taken.setdefault(door, []).append((event_id, time.perf_counter()))

    def spread(self, door: str) -> tuple[float, float, int]:
        """p50, p99 and how many."""
        waits = [
            (at - self.committed[event_id]) * 1000
            for event_id, at in self.taken.get(door, ())
            if event_id in self.committed
        ]
        if len(waits) < 2:
            return 0.0, 0.0, len(waits)
        cut = quantiles(waits, n=100)
        return round(cut[49], 1), round(cut[98], 1), len(waits)


async def into_the_log(
    servers: RealServers, feeds: Feeds, count: int = 5000
) -> tuple[float, float]:
    """Entries per second from a full queue, and bare: the same messages consumed and dropped."""
    told = [an_occasion() for _ in range(count)]
    await publish(servers, told)
    began = time.perf_counter()
    connection = await aio_pika.connect(servers.amqp_url("publishing"))
    async with connection:
        channel = await connection.channel()
        await channel.set_qos(names.PREFETCH)
        queue = await channel.get_queue(names.feed_queue("publishing"), ensure=False)
        async with queue.iterator() as messages:
            seen = 0
            async for message in messages:
                await message.ack()
                seen += 1
                if seen == count:
                    break
    bare = count / (time.perf_counter() - began)
    await publish(servers, told)
    bus = make_broker([servers.amqp_url("publishing")], user="publishing")
    writer = LogWriter("publishing", bus, feeds.log, feeds.ground.transact)
    running = asyncio.create_task(writer.run())
    began = time.perf_counter()
    await bus.start()
    while await feeds.log.head() < count:  # noqa: ASYNC110 - as whoever reads would see it
        await asyncio.sleep(0.02)
    ours = count / (time.perf_counter() - began)
    await bus.stop()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return ours, bare


async def publish(servers: RealServers, told: list[Envelope]) -> None:
    connection = await aio_pika.connect(servers.amqp_url("booking"))
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(names.EVENTS, ensure=False)

        async def one(each: Envelope) -> None:
            key = each.type.removeprefix("se.safespace.")
            message = aio_pika.Message(each.to_bytes(), user_id="booking", delivery_mode=2)
            await exchange.publish(message, key)

        for start in range(0, len(told), 200):
            await asyncio.gather(*map(one, told[start : start + 200]))


@asynccontextmanager
async def receivers(arrivals: Arrivals, hang: str = "") -> AsyncIterator[int]:
    """Webhook receivers, all on one port; the path says which. One may hang."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                name = head.split(b" ", 2)[1].decode().strip("/")
                length = next(
                    int(line.split(b":")[1])
                    for line in head.split(b"\r\n")
                    if line.lower().startswith(b"content-length")
                )
                event = json.loads(await reader.readexactly(length))
                if name == hang:
                    await asyncio.sleep(3600)
                arrivals.came("webhook", event["id"])
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def stream(base: str, key: str, arrivals: Arrivals, last: str) -> None:
    """One SSE reader on a bare socket."""
    host, port = base.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    after = f"Last-Event-ID: {last}\r\n" if last else ""
    asked = f"GET /v1/feed/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
    writer.write(f"{asked}{after}\r\n".encode())
    while line := await reader.readline():
        if line.startswith(b"id: "):
            arrivals.came("stream", line[4:].decode().strip())


async def poll(base: str, key: str, arrivals: Arrivals, last: str) -> None:
    """One long poller."""
    bearer = {"Authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(
        base_url=base, headers=bearer, timeout=60, trust_env=False
    ) as client:
        while True:
            asked = {"timeout": 30_000} | ({"lastEventId": last} if last else {})
            answer = await client.get("/v1/feed", params=asked)
            for event in answer.json():
                arrivals.came("long poll", event["id"])
                last = event["id"]


async def measure(
    servers: RealServers, webhooks: int = 50, streams: int = 500, pollers: int = 50
) -> None:
    """Everything, printed."""
    emptied(servers)
    told = {**OWN, "front_door": DOOR}
    settings = FeedsSettings.model_validate(worker_told(servers, "publishing", **told))
    house = house_of(settings)
    await house.make_indexes()
    feeds = feeds_on(house.ground, DOOR, local=True)
    ours, bare = await into_the_log(servers, feeds)
    print(f"into the log: {ours:,.0f}/s; the same messages consumed and dropped: {bare:,.0f}/s")
    for hang in ("", "w0"):
        emptied(servers)
        await fan_out(servers, feeds, webhooks, streams, pollers, hang)


async def fan_out(
    servers: RealServers, feeds: Feeds, webhooks: int, streams: int, pollers: int, hang: str
) -> None:
    """A commit in booking, ten times a second, to everybody."""
    arrivals = Arrivals()
    processes = make_processes(servers)
    async with receivers(arrivals, hang) as port:
        here = json.dumps({f"w{n}.partner.test": port for n in range(webhooks)})
        http = await processes.start("publishing-http", wait=False)
        sender = await processes.start("publishing-feeds", wait=False, SAFESPACE_PARTNERS_HERE=here)
        for each in (http, sender):
            await each.ready(within=120)
        keys = [await _partner(feeds, n) for n in range(max(webhooks, 1))]
        await _webhooks(http.url, keys, webhooks)
        before = _rss(http)
        tasks = [
            asyncio.create_task(stream(http.url, keys[n % len(keys)], arrivals, ""))
            for n in range(streams)
        ]
        await asyncio.sleep(5)
        idle = (_rss(http) - before) / max(streams, 1)
        tasks += [
            asyncio.create_task(poll(http.url, keys[n % len(keys)], arrivals, ""))
            for n in range(pollers)
        ]
        relaying = await _relay(servers)
        await asyncio.sleep(2)
        await _commits(servers, arrivals)
        await asyncio.sleep(10)
        for task in (*tasks, relaying[1]):
            task.cancel()
        await asyncio.gather(*tasks, relaying[1], return_exceptions=True)
        await relaying[0].stop()
    processes.stop()
    said = f"one of {webhooks} webhooks hangs" if hang else "nobody hangs"
    print(f"{said}; {streams} streams, {pollers} long pollers; idle stream {idle:.1f} kB")
    log = {row["event_id"] async for row in feeds.ground.database["feed_log"].find()}
    print(f"  in the log {len(log)} of {len(arrivals.committed)}")
    for door in ("webhook", "stream", "long poll"):
        p50, p99, count = arrivals.spread(door)
        print(f"  {door}: p50 {p50} ms, p99 {p99} ms, {count} arrivals")


async def _partner(feeds: Feeds, number: int) -> str:
    wanted = Wanted(f"P{number}", frozenset(ALL), EVERYTHING, per_minute=100_000)
    name = f"partner-{number}"
    await feeds.keep_partners.add(name, wanted, _nothing, by="bench")
    _, key = await feeds.keep_partners.new_key(
        await feeds.keep_partners.one(name), None, by="bench"
    )
    return key


async def _webhooks(base: str, keys: list[str], count: int) -> None:
    async with httpx.AsyncClient(base_url=base, timeout=60, trust_env=False) as client:
        for number in range(count):
            body = {"url": f"https://w{number}.partner.test/w{number}"}
            bearer = {"Authorization": f"Bearer {keys[number]}"}
            made = await client.post("/v1/partner/webhooks", json=body, headers=bearer)
            made.raise_for_status()


async def _relay(servers: RealServers) -> tuple[Bus, asyncio.Task[None]]:
    url = servers.mongo_url("booking")
    database = database_of(connect(url), url)
    await ensure_delivery_indexes(database)
    bus = make_broker([servers.amqp_url("booking")], user="booking")
    await bus.start()
    return bus, asyncio.create_task(Relay(database, bus).run())


async def _commits(servers: RealServers, arrivals: Arrivals) -> None:
    url = servers.mongo_url("booking")
    database = database_of(connect(url), url)
    outbox = Outbox(database)
    for _ in range(EVENTS):
        told = an_occasion()
        news = News(OccasionPublished.model_validate(told.data), new_id(), 1)
        (row,) = outbox.rows([news])
        await transact(database.client, lambda session: outbox.add(session, [row]))  # noqa: B023
        arrivals.committed[row["_id"]] = time.perf_counter()
        await asyncio.sleep(PAUSE)


def _rss(process: Running) -> float:
    """Kilobytes."""
    for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return float(line.split()[1])
    return 0.0


async def _nothing(_session: object, _made: object) -> None:
    return None


if __name__ == "__main__":
    sizes = [int(word) for word in sys.argv[2:5]]
    uvloop.run(measure(RealServers(data_folder(sys.argv[1])), *sizes))
