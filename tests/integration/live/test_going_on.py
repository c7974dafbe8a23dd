"""Live changes: every listener hears each once and in order, however often it breaks off."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import aclosing
from itertools import takewhile
from typing import Any

import pytest
import pytest_asyncio
from pymongo import MongoClient

from shared.mongo import transactions
from shared.mongo.client import Database, connect, database_of
from shared.mongo.following import Following
from shared.mongo.tape import Seen
from tests.support.eventually import eventually
from tests.support.servers import RealServers

pytestmark = pytest.mark.asyncio(loop_scope="session")

_NAME = "followed"
_STAGES: list[dict[str, Any]] = [
    {"$match": {"ns.coll": _NAME, "operationType": "insert"}},
    {"$project": {"clusterTime": 1, "fullDocument": 1}},
]


@pytest_asyncio.fixture(loop_scope="session")
async def database(servers: RealServers) -> AsyncIterator[Database]:
    url = servers.mongo_url("booking")
    client = connect(url)
    yield database_of(client, url)
    await database_of(client, url)[_NAME].delete_many({})
    client.close()


def following(database: Database, remembered: int = 1000) -> Following[int]:
    """What a process makes at its start."""
    return Following(
        database, _STAGES, lambda event: int(event["fullDocument"]["n"]), remembered=remembered
    )


async def write(database: Database, first: int, count: int, chance: random.Random) -> None:
    """Numbers from `first` on, some in one commit together, with changes of others between."""
    number, end = first, first + count
    while number < end:
        together = min(chance.choice([1, 1, 2, 5]), end - number)
        some = [{"n": each} for each in range(number, number + together)]

        async def commit(session: Any, some: list[dict[str, Any]] = some) -> None:
            await database[_NAME].insert_many(some, session=session)
            await database["beside"].update_one(
                {"_id": 1}, {"$inc": {"n": 1}}, upsert=True, session=session
            )

        await transactions.transact(database.client, commit)
        number += together
        if chance.random() < 0.3:
            await asyncio.sleep(0.02)


def _is_told(seen: Seen[int]) -> bool:
    return seen.change is not None


@pytest.mark.parametrize("seed", range(3))
async def test_breaking_off_leaves_no_gap_and_no_double(database: Database, seed: int) -> None:
    """Many listeners break off at random places, to the same process or to one just started.

    The tape remembers eight here, so that some fall behind. Those are told so, which is right: what
    they missed is not on the tape. A place is exact all the same, and the database's log remembers
    longer than the tape: whoever comes back with the place that it has gets what it missed, so the
    sum has no gap and no double for these either. That nobody is told so for nothing, and once
    only, is `test_whoever_is_too_slow_is_told_so_and_goes_on`.
    """
    chance, total = random.Random(seed), 120
    process = [following(database, remembered=8)]
    start = await process[0].here()

    async def listener(own: random.Random) -> list[int | None]:
        heard: list[int | None] = []
        last = start
        while len(heard) < total:
            if own.random() < 0.2:
                process[0] = following(database, remembered=8)
            stop = len(heard) + own.randint(1, 40)
            async with aclosing(process[0].since(last)) as changes:
                async for some in changes:
                    # Told that it fell behind the tape, it comes back with the place that it has.
                    for seen in takewhile(_is_told, some[: stop - len(heard)]):
                        heard.append(seen.change)
                        last = seen.place
                    if len(heard) >= min(stop, total) or not all(map(_is_told, some)):
                        break
            if own.random() < 0.5:
                await asyncio.sleep(own.random() * 0.3)
        return heard

    writing = asyncio.create_task(write(database, 0, total, chance))
    async with asyncio.timeout(60):
        heard = await asyncio.gather(*(listener(random.Random(f"{seed}{n}")) for n in range(8)))
        await writing
    for each in heard:
        assert each == list(range(total))


async def test_an_interrupted_stream_is_taken_up_again(
    database: Database, servers: RealServers
) -> None:
    """The database ends every cursor; listeners notice nothing but a pause."""
    process = following(database)
    start = await process.here()
    heard: list[int | None] = []

    async def listener() -> None:
        async with aclosing(process.since(start)) as changes:
            async for some in changes:
                heard.extend(seen.change for seen in some)

    listening = asyncio.create_task(listener())
    try:
        await write(database, 0, 3, random.Random(1))
        assert await eventually(lambda: heard == [0, 1, 2])
        with MongoClient[dict[str, Any]](servers.mongo_administrator_url) as administrator:
            administrator.admin.command("killAllSessions", [])
        await write(database, 3, 3, random.Random(1))
        assert await eventually(lambda: len(heard) >= 6, within=20)
        assert heard == [0, 1, 2, 3, 4, 5]
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)


async def test_whoever_is_too_slow_is_told_so_and_goes_on(database: Database) -> None:
    """More happened than is remembered while one did not listen: `None` once, then what is new."""
    process = following(database, remembered=2)
    # The shared stream is begun first, so that the slow one reads from it and not from its own.
    async with (
        asyncio.timeout(60),
        process._stream.listening() as tape,
        aclosing(process.since(await process.here())) as slow,
    ):
        first = asyncio.ensure_future(anext(slow))
        await write(database, 0, 1, random.Random(1))
        assert [seen.change for seen in await first] == [0]
        await write(database, 1, 20, random.Random(1))
        assert await eventually(lambda: tape.next > 20, within=30)
        [missed] = await anext(slow)
        assert missed.change is None
        coming = asyncio.ensure_future(anext(slow))
        await write(database, 21, 1, random.Random(1))
        assert [seen.change for seen in await coming] == [21]
