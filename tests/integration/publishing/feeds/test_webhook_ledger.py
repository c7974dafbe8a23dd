"""Where webhooks stand is written together, and what could not be written is not lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from pymongo.errors import AutoReconnect

from services.publishing.feeds.domain.line import Line
from services.publishing.feeds.storage.webhook_documents import Attempt, Lost, Stand
from services.publishing.feeds.storage.webhooks import Webhooks
from services.publishing.feeds.webhooks.ledger import Ledger
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from tests.integration.publishing.feeds.partners_world import Partnered
from tests.integration.publishing.feeds.test_webhooks import webhook
from tests.support.eventually import eventually


class Watched(Webhooks):
    """The real store; it counts its writes, and the first so many find the database away."""

    away = 0
    writes: tuple[int, ...] = ()

    async def save(self, stands: Sequence[Stand]) -> frozenset[str]:
        self.writes = (*self.writes, len(stands))
        if self.away:
            self.away -= 1
            raise AutoReconnect
        return await super().save(stands)


@asynccontextmanager
async def writing(partnered: Partnered, away: int = 0) -> AsyncIterator[tuple[Ledger, Watched]]:
    ground = partnered.feeds.ground
    store = Watched(ground.database, ground.people)
    store.away = away
    ledger = Ledger(store)
    task = asyncio.create_task(ledger.run())
    try:
        yield ledger, store
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def stands(partnered: Partnered, count: int) -> list[Stand]:
    """So many webhooks, taken, each of which has read up to 7."""
    found = []
    async with await partnered.partner() as client:
        made = [await webhook(client, f"a{n}") for n in range(count)]
    for one in made:
        held = await partnered.feeds.webhooks.take(one["id"], real_now() + timedelta(seconds=60))
        assert held is not None
        found.append(Stand(one["id"], held.turn, Line(read_up_to=7), (), held.endpoint.version))
    return found


async def read_up_to(partnered: Partnered) -> list[int]:
    return [row["line"]["read_up_to"] for row in await partnered.world.rows("feed_webhooks")]


async def test_all_of_a_process_in_one_write(partnered: Partnered) -> None:
    """Five that move at once cost one write, of the newest place of each."""
    several = await stands(partnered, 5)
    async with writing(partnered) as (ledger, store):
        for one in several:
            ledger.stands(Stand(one.webhook, one.turn, Line(read_up_to=3), (), one.as_of))
            ledger.stands(one)
        await eventually(lambda: store.writes, within=20)
        await eventually(lambda: read_up_to(partnered), within=20)
        assert store.writes == (5,)
        assert await ledger.kept(several[0])
        assert await read_up_to(partnered) == [7] * 5


async def test_what_could_not_be_written_is_written_next(partnered: Partnered) -> None:
    """The database is away for a moment: who waits is told, and then all is there, once."""
    (one,) = await stands(partnered, 1)
    webhooks = partnered.feeds.webhooks
    async with writing(partnered, away=1) as (ledger, _):
        ledger.tried(Attempt(new_id(), one.webhook, "e3", "entry", 500, "", 5, real_now()))
        ledger.lost(Lost(one.webhook, 3, "e3"))
        with pytest.raises(AutoReconnect):
            await ledger.kept(one)
        assert await ledger.kept(one)
    assert await read_up_to(partnered) == [7]
    assert await webhooks.lost(one.webhook) == [3]
    assert await webhooks.attempts.count(one.webhook) == 1


async def test_whoever_lost_a_webhook_writes_nothing_of_it(partnered: Partnered) -> None:
    """Taken over meanwhile: its line stays the next one's; the others in that write are kept."""
    lost, ours = await stands(partnered, 2)
    later = real_now() + timedelta(seconds=200)
    await partnered.feeds.webhooks.give_back(lost.webhook, lost.turn)
    assert await partnered.feeds.webhooks.take(lost.webhook, later) is not None
    async with writing(partnered) as (ledger, store):
        answers = await asyncio.gather(ledger.kept(lost), ledger.kept(ours))
    assert answers == [False, True]
    assert store.writes == (2,)
    assert sorted(await read_up_to(partnered)) == [0, 7]
