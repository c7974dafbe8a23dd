"""Fifty partners on all doors of the real processes, which are killed in the middle of things."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import aio_pika
import httpx
import pytest

from services.publishing.feeds.domain.filters import EVERYTHING
from services.publishing.feeds.use_cases.keep_partners import Wanted
from shared.broker import names
from shared.contracts.envelope import Envelope
from shared.kernel.ids import new_id
from tests.integration.publishing.feeds.partners_world import (
    ALL,
    Partnered,
    Receiver,
    an_occasion,
    receiving,
)
from tests.integration.publishing.feeds.simulated import (
    Reader,
    all_came,
    flaky,
    slice_of,
    subjects_in_order,
)
from tests.integration.publishing.feeds.test_webhooks import webhook
from tests.support.eventually import eventually
from tests.support.processes import Processes, Running
from tests.support.servers import RealServers

PATIENT = 300.0
A_TURN = 70
"""Entries between two kills."""


@dataclass
class Partners:
    """Everybody who reads, by door; and whoever was away all day."""

    paging: list[Reader] = field(default_factory=list)
    streaming: list[Reader] = field(default_factory=list)
    looking: list[Reader] = field(default_factory=list)
    called: dict[str, tuple[Reader, Receiver]] = field(default_factory=dict)
    away: list[Reader] = field(default_factory=list)

    @property
    def everybody(self) -> list[Reader]:
        called = [reader for reader, _ in self.called.values()]
        return [*self.paging, *self.streaming, *called, *self.away]

    def loops(self) -> list[Callable[[], Coroutine[Any, Any, None]]]:
        return [
            *(one.by_pages for one in self.paging),
            *(one.by_stream for one in self.streaming),
            *(one.by_atom for one in self.looking),
        ]

    def got(self) -> list[list[dict[str, object]]]:
        readers = [one.got for one in (*self.paging, *self.streaming)]
        return [*readers, *(receiver.got for _, receiver in self.called.values())]


async def fifty(partnered: Partnered, stack: AsyncExitStack) -> Partners:
    """Fifteen page, fifteen stream, fifteen are called, three look at Atom, two are away."""
    partners = Partners()
    doors = ["paging"] * 15 + ["streaming"] * 15 + ["called"] * 15 + ["looking"] * 3 + ["away"] * 2
    for number, door in enumerate(doors):
        name = f"partner-{number}"
        client = await stack.enter_async_context(
            httpx.AsyncClient(
                headers={"Authorization": f"Bearer {await _key(partnered, name)}"},
                timeout=20,
                trust_env=False,
            )
        )
        reader = Reader(client, random.Random(number))
        if door == "called":
            receiver = await stack.enter_async_context(receiving(answers=flaky(reader.chance)))
            partners.called[name] = (reader, receiver)
        else:
            getattr(partners, door).append(reader)
    return partners


async def _key(partnered: Partnered, name: str) -> str:
    keep = partnered.feeds.keep_partners
    wanted = Wanted(name, frozenset(ALL), EVERYTHING, per_minute=100_000)
    await keep.add(name, wanted, _nothing, by="test")
    _, key = await keep.new_key(await keep.one(name), None, _nothing, by="test")
    return key


async def _nothing(_session: object, _made: object) -> None:
    return None


async def tell(servers: RealServers, told: list[Envelope]) -> None:
    """As booking's relay does: each confirmed before the next."""
    async with await aio_pika.connect(servers.amqp_url("booking")) as line:
        channel = await line.channel()
        exchange = await channel.get_exchange(names.EVENTS, ensure=False)
        for one in told:
            key = one.type.removeprefix("se.safespace.")
            message = aio_pika.Message(one.to_bytes(), user_id="booking", delivery_mode=2)
            await exchange.publish(message, key, timeout=30)


async def opened(processes: Processes, partners: Partners) -> tuple[Running, list[Running]]:
    """Our processes, two of them senders; everybody knows where, and webhooks are made."""
    here = {f"{name}.partner.test": one.port for name, (_, one) in partners.called.items()}
    http = await processes.start("publishing-http")
    senders = [
        await processes.start(
            "publishing-feeds", second=name, SAFESPACE_PARTNERS_HERE=json.dumps(here)
        )
        for name in ("one", "two")
    ]
    for one in (*partners.everybody, *partners.looking):
        one.client.base_url = httpx.URL(http.url)
    for name, (one, _) in partners.called.items():
        await webhook(one.client, name, thin=name[-1] in "02468")
    return http, senders


async def end(turn: int, http: Running, senders: list[Running]) -> None:
    """In turn one of them, or all: killed mostly, stopped now and then."""
    leaving = [[http], [senders[0]], [http, *senders]][turn % 3]
    for one in leaving:
        if turn % 5 == 4:
            await asyncio.to_thread(one.stop)
        else:
            one.kill()
    for one in leaving:
        await one.restart(wait=False)
    for one in leaving:
        await one.ready(within=PATIENT)


@pytest.mark.long
@pytest.mark.parametrize("kills", [6])
async def test_fifty_partners_agree_through_kills(
    partnered: Partnered,
    processes: Processes,
    servers: RealServers,
    clean_queues: None,
    kills: int,
) -> None:
    """Ids and order agree at every door: no gap, nothing twice but under the same id.

    Pages and streams bring each entry exactly once, as their reader names the last one that it
    dealt with; webhooks at least once, each subject in order. Whoever was away catches up exactly,
    and everybody can say that they got everything.
    """
    subjects = [new_id() for _ in range(7)]
    told = [an_occasion(subjects[n % 7], n // 7 + 1) for n in range(A_TURN * (kills + 1))]
    async with contextlib.AsyncExitStack() as stack:
        partners = await fifty(partnered, stack)
        http, senders = await opened(processes, partners)
        running = [asyncio.create_task(one()) for one in partners.loops()]
        try:
            for turn in range(kills):
                telling = asyncio.create_task(tell(servers, told[turn * A_TURN :][:A_TURN]))
                heard = partners.streaming[0].got
                await eventually(lambda: len(heard) >= turn * A_TURN + 20, within=PATIENT)  # noqa: B023
                await end(turn, http, senders)
                await telling
            await tell(servers, told[kills * A_TURN :])
            ids = [one.id for one in told]
            await eventually(lambda: all_came(ids, partners.got()), within=PATIENT, every=0.5)
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        rows = await partnered.world.rows("feed_log")
        assert [(row["_id"], row["event_id"]) for row in rows] == list(enumerate(ids, start=1))
        for one in partners.away:
            await one.catch_up()
        agreed(partners, told)
        for one in partners.everybody:
            await eventually(lambda: _everything(one), within=PATIENT)  # noqa: B023


def agreed(partners: Partners, told: list[Envelope]) -> None:
    """What everybody has, beside what was told."""
    ids = [one.id for one in told]
    for one in (*partners.paging, *partners.streaming, *partners.away):
        assert one.ids == ids
    for _, receiver in partners.called.values():
        subjects_in_order(receiver.got, told)
    for one in partners.looking:
        assert one.shown
        for shown in one.shown:
            slice_of(ids, shown)


async def _everything(reader: Reader) -> bool:
    """The last entry of a reader is confirmed by asking for what comes after it."""
    if reader.last is not None:
        await reader.client.get("/v1/feed", params={"lastEventId": reader.last})
    owed = (await reader.client.get("/v1/partner/owed")).json()
    assert owed["everything"], owed
    return True
