"""How fast entries come into the feed log, and from a commit in booking to every partner.

`python -m tests.bench.feeds <data folder> [webhooks] [streams] [pollers]` prints it for a folder in
which `python -m deploy.local servers` runs; a moderate size of it is a part of `make bench`.
Everything shares the machine, partners included.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

import aio_pika
import uvloop
from rich.console import Console
from rich.table import Table

from deploy.local.data_folder import data_folder
from services.publishing.feeds.log.writer import LogWriter
from services.publishing.feeds.parts import Feeds, feeds_on
from services.publishing.main import house_of
from services.publishing.settings import FeedsSettings
from shared.broker import names
from shared.broker.connection import make_broker
from shared.contracts.envelope import Envelope
from tests.bench.feeds_ends import Crowd, Telling, crowd, telling, with_webhooks
from tests.integration.publishing.feeds.partners_world import an_occasion
from tests.integration.publishing.world import OWN
from tests.support.processes import Running, make_processes
from tests.support.servers import RealServers, emptied
from tests.support.world import DOOR, worker_told

MOODS = ("hangs", "dead", "slow")
INTO_THE_LOG = 5000


@dataclass(frozen=True, slots=True)
class Spread:
    """Milliseconds from the commit."""

    p50: float
    p99: float
    arrivals: int


@dataclass(frozen=True, slots=True)
class Isolation:
    """Milliseconds of the healthy webhooks while one is unwell, and just before and after that."""

    mood: str
    beside_it: Spread
    nobody: Spread


@dataclass(frozen=True, slots=True)
class Figures:
    """`doors` has the bare event path too, of the same commits. `idle_kb`: of one more stream."""

    into_the_log: float
    dropped: float
    doors: Mapping[str, Spread]
    isolation: Sequence[Isolation]
    idle_kb: float
    readers: tuple[int, int, int]


async def into_the_log(
    servers: RealServers, feeds: Feeds, count: int = INTO_THE_LOG
) -> tuple[float, float]:
    """Entries per second from a full queue, and bare: the same messages consumed and dropped."""
    told = [an_occasion() for _ in range(count)]
    await publish(servers, told)
    began = time.perf_counter()
    async with await aio_pika.connect(servers.amqp_url("publishing")) as line:
        channel = await line.channel()
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
    """As booking's relay would, many at once."""
    async with await aio_pika.connect(servers.amqp_url("booking")) as line:
        channel = await line.channel()
        exchange = await channel.get_exchange(names.EVENTS, ensure=False)

        async def one(each: Envelope) -> None:
            key = each.type.removeprefix("se.safespace.")
            message = aio_pika.Message(each.to_bytes(), user_id="booking", delivery_mode=2)
            await exchange.publish(message, key)

        for start in range(0, len(told), 200):
            await asyncio.gather(*map(one, told[start : start + 200]))


async def measure(
    servers: RealServers, webhooks: int = 50, streams: int = 500, pollers: int = 50
) -> Figures:
    """All of it, on empty databases."""
    emptied(servers)
    told = {**OWN, "front_door": DOOR}
    settings = FeedsSettings.model_validate(worker_told(servers, "publishing", **told))
    house = house_of(settings)
    await house.make_indexes()
    feeds = feeds_on(house.ground, DOOR, local=True)
    ours, dropped = await into_the_log(servers, feeds)
    emptied(servers)
    processes = make_processes(servers)
    try:
        async with crowd() as partners:
            http, keys = await with_webhooks(processes, feeds, partners, webhooks)
            async with telling(servers, partners, {"webhook": webhooks - 1}) as tell:
                isolation = await _isolated(partners, tell)
                (newest,) = await feeds.log.at_positions([await feeds.log.head()])
                where = {"base": http.url, "keys": keys, "last": newest.event_id}
                idle = await _idle(http, partners, where, streams)
                await partners.does("read", **where, streams=0, pollers=pollers)
                await asyncio.sleep(5)
                tell.readers |= {"stream": streams, "long poll": pollers}
                found = await tell()
                doors = {door: spread(waits) for door, waits in found.items()}
    finally:
        processes.stop()
        house.close()
    return Figures(ours, dropped, doors, isolation, idle, (webhooks, streams, pollers))


async def _isolated(partners: Crowd, tell: Telling) -> list[Isolation]:
    """Nobody unwell, one unwell, nobody again, and so on: beside each, the two without it."""
    found: list[Isolation] = []
    before = (await tell())["webhook"]
    for mood in MOODS:
        await partners.does("feel", mood=mood)
        beside = (await tell())["webhook"]
        await partners.does("feel", mood="well")
        after = (await tell())["webhook"]
        found.append(Isolation(mood, spread(beside), spread([*before, *after])))
        before = after
    return found


def spread(waits: Sequence[float]) -> Spread:
    """Its middle and its end."""
    cut = quantiles(waits, n=100) if len(waits) > 1 else [0.0] * 99
    return Spread(cut[49], cut[98], len(waits))


async def _idle(http: Running, partners: Crowd, where: dict[str, Any], streams: int) -> float:
    """Kilobytes that one more stream takes, which waits for the next entry."""
    before = _resident(http)
    await partners.does("read", **where, streams=streams, pollers=0)
    await asyncio.sleep(10)
    return (_resident(http) - before) / max(streams, 1)


def _resident(process: Running) -> float:
    """Kilobytes."""
    status = Path(f"/proc/{process.pid}/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return float(line.split()[1])


def rows(found: Figures) -> list[tuple[str, ...]]:
    """For the table of `make bench`."""
    shown: list[tuple[str, ...]] = [
        (
            "entries/s into the feed log (baseline: consumed and dropped)",
            *(f"{found.into_the_log:.0f}", f"{found.dropped:.0f}"),
            *(f"{found.into_the_log / found.dropped:.2f}", "–"),
        )
    ]
    bare, doors = found.doors["bare"], dict(zip(_DOORS, found.readers, strict=True))
    for door, count in doors.items():
        one = found.doors[door]
        for name in ("p50", "p99"):
            ours, raw = getattr(one, name), getattr(bare, name)
            figure = f"commit in booking → {count} × {door}, {name} ms (beside the bare event path)"
            shown.append((figure, f"{ours:.1f}", f"{raw:.1f}", f"{ours / raw:.2f}", "–"))
    for each in found.isolation:
        for name, aim in (("p50", "–"), ("p99", "≤ 1.10")):
            ours, raw = getattr(each.beside_it, name), getattr(each.nobody, name)
            figure = f"{name} ms of the other webhooks while one {_IS[each.mood]} (beside nobody)"
            shown.append((figure, f"{ours:.1f}", f"{raw:.1f}", f"{ours / raw:.2f}", aim))
    shown.append(("memory of one idle stream, kB", f"{found.idle_kb:.1f}", "–", "–", "–"))
    return shown


_DOORS = ("webhook", "stream", "long poll")
_IS = {"hangs": "hangs", "dead": "is dead", "slow": "is slow"}


def main() -> None:
    """Print the table."""
    sizes = [int(word) for word in sys.argv[2:5]]
    found = uvloop.run(measure(RealServers(data_folder(sys.argv[1])), *sizes))
    table = Table()
    for name in ("figure", "ours", "raw baseline", "ratio", "aim"):
        table.add_column(name)
    for row in rows(found):
        table.add_row(*row)
    Console(width=130).print(table)
    print({door: each.arrivals for door, each in found.doors.items()})


if __name__ == "__main__":
    main()
