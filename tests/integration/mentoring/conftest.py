"""Mentoring's API in this process, on the real databases; the clock stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest_asyncio

from services.mentoring.api.app import make_http
from services.mentoring.house import House
from services.mentoring.main import house_of
from services.mentoring.settings import HttpSettings
from shared.kernel.clock import FixedClock
from tests.integration.mentoring.world import NOW, World, know_keys
from tests.support.servers import RealServers
from tests.support.world import asked, http_told
from tests.unit.shared.issuer import Issuer


def mentoring_settings(servers: RealServers, issuer: Issuer) -> HttpSettings:
    apart = {"identity_mongodb_url": servers.mongo_url("mentoring-identity")}
    return HttpSettings.model_validate(http_told(servers, "mentoring", issuer, **apart))


@dataclass(frozen=True)
class _Served:
    """Mentoring, once for all tests: an app of so many routes takes a second to make."""

    house: House
    clock: FixedClock
    client: httpx.AsyncClient


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _served(servers: RealServers, issuer: Issuer) -> AsyncIterator[_Served]:
    settings, clock = mentoring_settings(servers, issuer), FixedClock(NOW)
    house = house_of(settings, clock)
    async with asked(make_http(settings, house)) as client:
        yield _Served(house, clock, client)


@pytest_asyncio.fixture(loop_scope="session")
async def world(_served: _Served, clean_databases: None, issuer: Issuer) -> World:
    """Mentoring as on its first day: nothing is there yet, and the clock is where it was."""
    house, clock = _served.house, _served.clock
    clock.advance(NOW - clock.now())
    return World(house, clock, _served.client, issuer, await know_keys(house))
