"""Booking's API in this process, on the real database; the clock stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from services.booking.api.app import make_http
from services.booking.main import house_of
from services.booking.settings import HttpSettings
from shared.kernel.clock import FixedClock
from tests.integration.booking.world import NOW, World, know_keys
from tests.support.servers import RealServers
from tests.support.world import asked, http_told
from tests.unit.shared.issuer import Issuer


def booking_settings(servers: RealServers, issuer: Issuer) -> HttpSettings:
    return HttpSettings.model_validate(http_told(servers, "booking", issuer))


@pytest_asyncio.fixture(loop_scope="session")
async def world(
    servers: RealServers, clean_databases: None, issuer: Issuer
) -> AsyncIterator[World]:
    """A fresh booking service and everything around it."""
    settings, clock = booking_settings(servers, issuer), FixedClock(NOW)
    house = house_of(settings, clock)
    async with asked(make_http(settings, house)) as client:
        yield World(house, clock, client, issuer, await know_keys(house))
