"""200 people want places at the same moment: on one occasion, on 200, and beside a small read."""

from __future__ import annotations

import statistics
from collections import Counter
from dataclasses import dataclass

import httpx

from tests.bench.rush import Asked, Rush, rush
from tests.support.season import a_party, an_occasion
from tests.support.whole_copy import WholeCopy

CLIENTS = 200
PLACES = 100
ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Contended:
    """The medians of the rounds."""

    one_occasion: Rush
    many_occasions: Rush
    small_read: Rush


async def measure(copy: WholeCopy) -> Contended:
    """Rounds of all three, alternating, so that a noisy moment hits each alike."""
    one, many, read = [], [], []
    async with copy.client() as client:
        for _ in range(ROUNDS + 1):
            one.append(await _one_occasion(copy, client))
            many.append(await _many_occasions(copy, client))
            read.append(await _small_read(copy, client))
    # The first round warms up processes and connections.
    return Contended(_median(one[1:]), _median(many[1:]), _median(read[1:]))


async def _one_occasion(copy: WholeCopy, client: httpx.AsyncClient) -> Rush:
    occasion = await an_occasion(client, capacity=PLACES)
    asked = [_booking(occasion["id"]) for _ in range(CLIENTS)]
    seen = await rush(copy.booking, asked)
    assert seen.statuses == {201: PLACES, 409: CLIENTS - PLACES}, seen.statuses
    return seen


async def _many_occasions(copy: WholeCopy, client: httpx.AsyncClient) -> Rush:
    occasions = [await an_occasion(client, capacity=PLACES) for _ in range(CLIENTS)]
    seen = await rush(copy.booking, [_booking(occasion["id"]) for occasion in occasions])
    assert seen.statuses == {201: CLIENTS}, seen.statuses
    return seen


async def _small_read(copy: WholeCopy, client: httpx.AsyncClient) -> Rush:
    occasion = await an_occasion(client, capacity=PLACES)
    headers = copy.signed_in()
    asked = [Asked("GET", f"/v1/occasions/{occasion['id']}", headers) for _ in range(CLIENTS)]
    seen = await rush(copy.booking, asked)
    assert seen.statuses == {200: CLIENTS}, seen.statuses
    return seen


def _booking(occasion_id: str) -> Asked:
    body = a_party(occasion_id, phone="+46701740605", contact={"email": None})
    return Asked("POST", "/v1/bookings", {}, body)


def _median(rounds: list[Rush]) -> Rush:
    statuses: Counter[int] = Counter()
    for each in rounds:
        statuses += each.statuses
    return Rush(
        p50=statistics.median(each.p50 for each in rounds),
        p95=statistics.median(each.p95 for each in rounds),
        per_second=statistics.median(each.per_second for each in rounds),
        statuses=statuses,
    )
