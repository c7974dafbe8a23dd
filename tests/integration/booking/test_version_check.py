"""The version check, by what happens without it; and that production cannot be without it."""

from __future__ import annotations

import asyncio
from collections import Counter

import httpx
import pytest
from pydantic import ValidationError

from services.booking.api.app import make_http
from services.booking.main import house_of
from services.booking.settings import HttpSettings
from services.booking.storage.unsafe_for_tests import UnsafeLedger
from shared.web.serving import served
from tests.integration.booking.conftest import booking_settings
from tests.integration.booking.world import World
from tests.support.servers import RealServers


async def rush(world: World, url: str, occasion_id: str) -> Counter[int]:
    body = {
        "occasion_id": occasion_id,
        "party": {"kind": "individual"},
        "contact": {"phone": "0701740605"},
    }
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        answers = await asyncio.gather(*(client.post("/v1/bookings", json=body) for _ in range(12)))
    return Counter(answer.status_code for answer in answers)


async def test_without_the_version_check_a_seat_is_sold_twice(
    world: World, servers: RealServers
) -> None:
    """The same rush that sells one seat once sells it several times with the check off."""
    seat = await world.an_occasion(capacity=1)
    assert await rush(world, str(world.client.base_url), seat["id"]) == {201: 1, 409: 11}
    settings = booking_settings(servers, world.issuer).model_copy(
        update={"test_unsafe_version": True, "test_barrier": 12}
    )
    other = await world.an_occasion(capacity=1)
    async with served(make_http(settings, house_of(settings))) as url:
        answers = await rush(world, url, other["id"])
    assert answers[201] > 1


async def test_two_processes_agree_about_a_seat(world: World, servers: RealServers) -> None:
    """Two APIs with nothing in common but the database sell one seat once."""
    seat = await world.an_occasion(capacity=1)
    settings = booking_settings(servers, world.issuer)
    async with served(make_http(settings, house_of(settings, world.clock))) as second:
        sold = await asyncio.gather(
            rush(world, str(world.client.base_url), seat["id"]), rush(world, second, seat["id"])
        )
    assert sold[0] + sold[1] == {201: 1, 409: 23}


async def test_production_never_runs_without_it(world: World, servers: RealServers) -> None:
    """Neither the settings nor the ledger itself can be had outside of the local profile."""
    known = booking_settings(servers, world.issuer).model_dump()
    with pytest.raises(ValidationError):
        HttpSettings.model_validate(known | {"profile": "production", "test_unsafe_version": True})
    house = world.house
    with pytest.raises(ValueError, match="local"):
        UnsafeLedger(
            house.ground.database,
            house.office,
            house.ground.once,
            profile="production",
            hold_until=2,
        )
