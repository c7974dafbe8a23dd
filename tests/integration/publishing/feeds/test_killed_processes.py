"""The real processes, killed with -9 in the middle: nothing is lost, and everybody goes on."""

from __future__ import annotations

import asyncio
import contextlib
import json

import aio_pika
import httpx
import pytest

from services.publishing.feeds.domain.filters import EVERYTHING
from services.publishing.feeds.use_cases.keep_partners import Wanted
from shared.broker import names
from shared.contracts.envelope import Envelope
from shared.kernel.ids import new_id
from tests.integration.publishing.feeds.partners_world import ALL, Partnered, an_occasion, receiving
from tests.integration.publishing.feeds.test_webhooks import webhook
from tests.support.eventually import eventually
from tests.support.processes import Processes
from tests.support.servers import RealServers

PATIENT = 90.0
GONE = (httpx.RemoteProtocolError, httpx.ReadError, httpx.ConnectError, httpx.ReadTimeout)


async def tell(servers: RealServers, told: list[Envelope]) -> None:
    connection = await aio_pika.connect(servers.amqp_url("booking"))
    async with connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(names.EVENTS, ensure=False)
        for one in told:
            key = one.type.removeprefix("se.safespace.")
            message = aio_pika.Message(one.to_bytes(), user_id="booking", delivery_mode=2)
            await exchange.publish(message, key, timeout=30)


async def follow(client: httpx.AsyncClient, heard: list[str]) -> None:
    """The stream, again and again, each time after what was heard last."""
    while True:
        headers = {"Last-Event-ID": heard[-1]} if heard else {}
        with contextlib.suppress(*GONE):
            async with client.stream("GET", "/v1/feed/stream", headers=headers) as answer:
                async for line in answer.aiter_lines():
                    if line.startswith("data: ") and "specversion" in line:
                        heard += [json.loads(line[6:])["id"]]
        await asyncio.sleep(0.05)


@pytest.mark.long
@pytest.mark.parametrize("kills", [6])
async def test_nothing_is_lost_when_processes_are_killed(
    partnered: Partnered,
    processes: Processes,
    servers: RealServers,
    clean_queues: None,
    kills: int,
) -> None:
    """Writer, sender and stream die and come back: each entry at every door, in one order."""
    keep = partnered.feeds.keep_partners
    wanted = Wanted("RAN", frozenset(ALL), EVERYTHING, per_minute=100_000)
    await keep.add("ran-nord", wanted, _nothing, by="test")
    _, key = await keep.new_key(await keep.one("ran-nord"), None, by="test")
    subjects = [new_id() for _ in range(3)]
    told = [an_occasion(subjects[n % 3], n // 3 + 1) for n in range(30 * (kills + 1))]
    async with receiving() as receiver:
        here = json.dumps({"a.partner.test": receiver.port})
        http = await processes.start("publishing-http")
        feeds = await processes.start("publishing-feeds", SAFESPACE_PARTNERS_HERE=here)
        bearer = {"Authorization": f"Bearer {key}"}
        async with httpx.AsyncClient(
            base_url=http.url, headers=bearer, timeout=20, trust_env=False
        ) as client:
            await webhook(client, "a")
            heard: list[str] = []
            listening = asyncio.create_task(follow(client, heard))
            for turn in range(kills):
                await tell(servers, told[turn * 30 : turn * 30 + 30])
                await eventually(lambda: len(heard) >= turn * 30 + 3, within=PATIENT)  # noqa: B023
                feeds.kill()
                http.kill()
                await http.restart()
                await feeds.restart()
            await tell(servers, told[kills * 30 :])
            wanted_ids = {one.id for one in told}
            await eventually(lambda: set(heard) == wanted_ids, within=PATIENT)
            await eventually(lambda: set(receiver.ids) == wanted_ids, within=PATIENT)
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)
            assert len(heard) == len(told)
            rows = await partnered.world.rows("feed_log")
            assert [row["_id"] for row in rows] == list(range(1, len(told) + 1))
            assert heard == [row["event_id"] for row in rows]
            for subject in subjects:
                own = [
                    one["sequence"] for one in _firsts(receiver.got) if one["subject"] == subject
                ]
                assert own == sorted(own)
            owed = (await client.get("/v1/partner/owed")).json()
            assert owed["everything"] or owed["doors"][-1]["open"] <= 8


def _firsts(got: list[dict[str, object]]) -> list[dict[str, object]]:
    firsts: dict[object, dict[str, object]] = {}
    for one in got:
        firsts.setdefault(one["id"], one)
    return list(firsts.values())


async def _nothing(_session: object, _made: object) -> None:
    return None
