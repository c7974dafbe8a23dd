"""Publishing's API in this process, on the real databases; the clock stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest_asyncio

from services.publishing.api.app import make_http
from services.publishing.house import House
from services.publishing.main import house_of, incoming_of
from shared.kernel.clock import FixedClock
from tests.integration.publishing.world import NOW, World, http_settings
from tests.support.servers import RealServers
from tests.support.world import asked
from tests.unit.shared.issuer import Issuer


@dataclass(frozen=True)
class _Served:
    """Publishing, once for all tests."""

    house: House
    clock: FixedClock
    client: httpx.AsyncClient


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _served(servers: RealServers, issuer: Issuer) -> AsyncIterator[_Served]:
    settings, clock = http_settings(servers, issuer), FixedClock(NOW)
    house = house_of(settings, clock)
    async with asked(make_http(settings, house)) as client:
        yield _Served(house, clock, client)


@pytest_asyncio.fixture(loop_scope="session")
async def world(_served: _Served, clean_databases: None, issuer: Issuer) -> World:
    """Publishing as on its first day: nothing is there yet, and the clock is where it was."""
    house, clock = _served.house, _served.clock
    clock.advance(NOW - clock.now())
    return World(house, clock, _served.client, issuer, incoming_of(house))
