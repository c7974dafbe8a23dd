"""Between what the feeds' bench measures: our processes, partners with webhooks, and a teller."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aio_pika
import httpx
from aio_pika.abc import AbstractIncomingMessage

from deploy.local.data_folder import CHECKOUT
from services.publishing.feeds.domain.filters import EVERYTHING
from services.publishing.feeds.parts import Feeds
from services.publishing.feeds.use_cases.keep_partners import Wanted
from shared.broker import names
from shared.broker.connection import make_broker
from shared.contracts.booking import OccasionPublished
from shared.contracts.event import News
from shared.delivery.indexes import ensure_delivery_indexes
from shared.delivery.outbox import Outbox
from shared.delivery.relay import Relay
from shared.kernel.ids import new_id
from shared.mongo.transactions import transact
from tests.bench.event_path_ends import database_at
from tests.integration.publishing.feeds.partners_world import ALL, an_occasion
from tests.support.processes import Processes, Running
from tests.support.servers import RealServers

EVENTS = 12
PAUSE = 0.4
"""Seconds between commits, so that no entry waits for the one before."""
LAST_WITHIN = 60.0
"""Seconds, at most, for the last of them to arrive everywhere; who is unwell is not waited for."""


@dataclass
class Crowd:
    """The process that partners live in."""

    process: asyncio.subprocess.Process

    async def does(self, what: str, **more: Any) -> Any:
        """Tell it to do something; what it answers."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": what, **more}).encode() + b"\n")
        return json.loads(await self.process.stdout.readline())


@asynccontextmanager
async def crowd() -> AsyncIterator[Crowd]:
    """Started and ended."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.feeds_partners"),
        cwd=CHECKOUT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=2**28,
    )
    try:
        yield Crowd(process)
    finally:
        process.kill()
        await process.wait()


async def with_webhooks(
    processes: Processes, feeds: Feeds, partners: Crowd, count: int
) -> tuple[Running, list[str]]:
    """Our two processes, and a partner with a webhook for each of these; the first is odd."""
    ports = await partners.does("listen")
    here = {f"w{n}.partner.test": ports["port"] for n in range(count)}
    here["w0.partner.test"] = ports["odd_port"]
    http = await processes.start("publishing-http", wait=False)
    sender = await processes.start(
        "publishing-feeds", wait=False, SAFESPACE_PARTNERS_HERE=json.dumps(here)
    )
    for each in (http, sender):
        await each.ready(within=120)
    keys = [await _partner(feeds, n) for n in range(count)]
    async with httpx.AsyncClient(base_url=http.url, timeout=60, trust_env=False) as client:
        for number, key in enumerate(keys):
            body = {"url": f"https://w{number}.partner.test/w{number}"}
            bearer = {"Authorization": f"Bearer {key}"}
            made = await client.post("/v1/partner/webhooks", json=body, headers=bearer)
            made.raise_for_status()
    return http, keys


async def _partner(feeds: Feeds, number: int) -> str:
    wanted = Wanted(f"P{number}", frozenset(ALL), EVERYTHING, per_minute=100_000)
    name = f"partner-{number}"
    await feeds.keep_partners.add(name, wanted, _nothing, by="bench")
    known = await feeds.keep_partners.one(name)
    _, key = await feeds.keep_partners.new_key(known, None, _nothing, by="bench")
    return key


async def _nothing(_session: object, _made: object) -> None:
    return None


@dataclass
class Telling:
    """Booking tells, again and again, and everybody's arrivals are beside the commits.

    `readers`: door → how many are there.
    """

    outbox: Outbox
    client: Any
    partners: Crowd
    bare: list[tuple[str, str, int]]
    readers: dict[str, int]

    async def __call__(self) -> dict[str, list[float]]:
        """Door → milliseconds from the commit, of each arrival."""
        await self.partners.does("tell")
        self.bare.clear()
        committed: dict[str, int] = {}
        for _ in range(EVENTS):
            news = News(OccasionPublished.model_validate(an_occasion().data), new_id(), 1)
            (row,) = self.outbox.rows([news])
            await transact(self.client, lambda session: self.outbox.add(session, [row]))  # noqa: B023
            committed[row["_id"]] = time.monotonic_ns()
            await asyncio.sleep(PAUSE)
        await self._all_arrived()
        arrivals = await self.partners.does("tell")
        return {
            door: [(at - committed[one]) / 1e6 for _, one, at in came if one in committed]
            for door, came in {**arrivals, "bare": self.bare}.items()
        }

    async def _all_arrived(self) -> None:
        end = time.monotonic() + LAST_WITHIN
        while time.monotonic() < end:
            came = await self.partners.does("count")
            if all(came.get(door, 0) >= count * EVENTS for door, count in self.readers.items()):
                return
            await asyncio.sleep(0.2)


@asynccontextmanager
async def telling(
    servers: RealServers, partners: Crowd, readers: dict[str, int]
) -> AsyncIterator[Telling]:
    """Booking's relay, and a consumer that does nothing but hear the same events."""
    database = database_at(servers, "booking")
    await ensure_delivery_indexes(database)
    bus = make_broker([servers.amqp_url("booking")], user="booking")
    await bus.start()
    relaying = asyncio.create_task(Relay(database, bus).run())
    bare: list[tuple[str, str, int]] = []

    async def hear(message: AbstractIncomingMessage) -> None:
        bare.append(("", json.loads(message.body)["id"], time.monotonic_ns()))
        await message.ack()

    async with await aio_pika.connect(servers.amqp_administrator_url) as line:
        channel = await line.channel()
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(names.EVENTS, "booking.#")
        await queue.consume(hear)
        try:
            yield Telling(Outbox(database), database.client, partners, bare, readers)
        finally:
            relaying.cancel()
            await asyncio.gather(relaying, return_exceptions=True)
            await bus.stop()
