"""Mentoring's API in this process, on the real databases; the clock stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from services.mentoring.api.app import make_http
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


@pytest_asyncio.fixture(loop_scope="session")
async def world(
    servers: RealServers, clean_databases: None, issuer: Issuer
) -> AsyncIterator[World]:
    """A fresh mentoring service and everything around it."""
    settings, clock = mentoring_settings(servers, issuer), FixedClock(NOW)
    house = house_of(settings, clock)
    async with asked(make_http(settings, house)) as client:
        yield World(house, clock, client, issuer, await know_keys(house))
