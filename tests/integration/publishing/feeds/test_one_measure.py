"""A partner's measure of requests is one for all of our processes."""

from __future__ import annotations

import asyncio
import time

import httpx
import pytest

from services.publishing.feeds.domain.partner import Partner
from services.publishing.feeds.storage.measures import Measure, Measures
from services.publishing.feeds.use_cases.measure_requests import MeasureRequests, measure_of
from shared.web.refusals import TooManyRequests
from tests.integration.publishing.feeds.partners_world import Partnered
from tests.support.processes import Processes

FEW = Partner("p", "few", "Few", frozenset(), per_minute=60)


async def allowed(measures: Measures, partner: Partner, asks: int, processes: int) -> int:
    """How many of so many requests are let through, by processes in turn."""
    each = [MeasureRequests(measures) for _ in range(processes)]
    let = 0
    for n in range(asks):
        try:
            await each[n % processes](partner)
        except TooManyRequests:
            continue
        let += 1
    return let


async def test_more_processes_give_no_more(partnered: Partnered) -> None:
    """What four let through together is what one would: a burst, and what time has added."""
    measures, began = Measures(partnered.world.house.ground.database), time.monotonic()
    let = await allowed(measures, FEW, 60, 4)
    burst = measure_of(FEW).burst
    assert burst <= let <= burst + (time.monotonic() - began) + 1


async def test_many_at_once_are_not_let_through_twice(partnered: Partnered) -> None:
    """Takes that meet are one after the other; nobody takes what another has."""
    measures = Measures(partnered.world.house.ground.database)
    slow = Measure(50, 0.001)
    taken = await asyncio.gather(*(measures.take("p", slow, 3) for _ in range(40)))
    assert sum(count for count, _ in taken) == 50


async def test_what_was_used_up_comes_back_with_time_and_never_more(partnered: Partnered) -> None:
    """By the database's clock: a minute later it is full, and no fuller; back in time, nothing."""
    database = partnered.world.house.ground.database
    measures, slow = Measures(database), Measure(10, 0.5)
    assert (await measures.take("p", slow, 10))[0] == 10
    assert (await measures.take("p", slow, 1))[0] == 0

    async def moved(milliseconds: int) -> int:
        at = {"$set": {"at": {"$add": ["$at", milliseconds]}}}
        await database["feed_measures"].update_one({"_id": "p"}, [at])
        return (await measures.take("p", slow, 100))[0]

    assert await moved(-4_000) == 2
    assert await moved(-3_600_000) == 10
    assert await moved(+3_600_000) == 0


async def test_a_larger_measure_holds_at_once(partnered: Partnered) -> None:
    """What staff agree on is asked for on the very next request."""
    database = partnered.world.house.ground.database
    ask = MeasureRequests(Measures(database))
    tight = Partner("p", "few", "Few", frozenset(), per_minute=6)
    await ask(tight)
    with pytest.raises(TooManyRequests):
        await ask(tight)
    wide = Partner("p", "few", "Few", frozenset(), per_minute=100_000)
    past = {"$set": {"at": {"$add": ["$at", -1000]}}}
    await database["feed_measures"].update_one({"_id": "p"}, [past])
    for _ in range(100):
        await ask(wide)


async def test_two_processes_share_it(partnered: Partnered, processes: Processes) -> None:
    """Of requests to both in turn, no more are answered than one of them would have answered."""
    one, other = (
        await processes.start("publishing-http", wait=False),
        await processes.start("publishing-http", second="2", wait=False),
    )
    await one.ready()
    await other.ready()
    async with await partnered.partner(per_minute=60) as client:
        bearer = {"Authorization": client.headers["authorization"]}
    async with httpx.AsyncClient(headers=bearer, trust_env=False) as asking:
        began, answered = time.monotonic(), 0
        for n in range(60):
            url = (one, other)[n % 2].url
            answered += (await asking.get(f"{url}/v1/feed")).status_code == 200
        assert 10 <= answered <= 10 + (time.monotonic() - began) + 1
