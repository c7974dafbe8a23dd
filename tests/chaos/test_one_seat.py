"""Two hundred clients want one seat: exactly one gets it, whatever process answers them."""

from __future__ import annotations

import asyncio
from collections import Counter

import httpx
import pytest

from tests.support.season import a_party, an_occasion
from tests.support.whole_copy import WholeCopy

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLIENTS = 200


async def rush(urls: list[str], occasion_id: str, clients: int = CLIENTS) -> Counter[int]:
    """All at once, spread over the processes; gives how often each status came."""
    limits = httpx.Limits(max_connections=clients)
    async with httpx.AsyncClient(limits=limits, timeout=90) as client:

        async def one(number: int) -> int:
            body = a_party(occasion_id, phone="+46701740605")
            answer = await client.post(f"{urls[number % len(urls)]}/v1/bookings", json=body)
            return answer.status_code

        return Counter(await asyncio.gather(*(one(number) for number in range(clients))))


async def confirmed_at(copy: WholeCopy, occasion_id: str) -> int:
    async with copy.client() as client:
        listed = await client.get(
            "/v1/bookings", params={"occasion_id": occasion_id, "state": "confirmed", "limit": 100}
        )
    return int(listed.json()["total"])


async def test_one_seat_is_sold_once(whole_copy: WholeCopy) -> None:
    """200 clients, two processes, one seat: one 201, 199 refusals, no error."""
    async with whole_copy.client() as client:
        occasion = await an_occasion(client, capacity=1)
    with whole_copy.another("booking-http", "-second") as second:
        answers = await rush([whole_copy.booking, second], occasion["id"])
    assert answers == {201: 1, 409: CLIENTS - 1}
    assert await confirmed_at(whole_copy, occasion["id"]) == 1


async def test_without_the_version_check_it_would_be_oversold(whole_copy: WholeCopy) -> None:
    """The negative control: check off, all held after the load, and seats are sold twice."""
    async with whole_copy.client() as client:
        occasion = await an_occasion(client, capacity=1)
    unsafe = {"SAFESPACE_TEST_UNSAFE_VERSION": "1", "SAFESPACE_TEST_BARRIER": "2"}
    with (
        whole_copy.another("booking-http", "-unsafe-1", **unsafe) as first,
        whole_copy.another("booking-http", "-unsafe-2", **unsafe) as second,
    ):
        answers = await rush([first, second], occasion["id"], clients=20)
    assert answers[201] > 1
    assert await confirmed_at(whole_copy, occasion["id"]) > 1
