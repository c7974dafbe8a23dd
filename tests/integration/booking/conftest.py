"""Booking's API in this process, on the real database; the clock stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest_asyncio

from services.booking.api.app import make_http
from services.booking.house import House
from services.booking.main import house_of
from services.booking.settings import HttpSettings
from shared.kernel.clock import FixedClock
from tests.integration.booking.world import NOW, World, know_keys
from tests.support.servers import RealServers
from tests.support.world import asked, http_told
from tests.unit.shared.issuer import Issuer


def booking_settings(servers: RealServers, issuer: Issuer) -> HttpSettings:
    return HttpSettings.model_validate(http_told(servers, "booking", issuer))


@dataclass(frozen=True)
class _Served:
    """Booking, once for all tests: an app of so many routes takes half a second to make."""

    house: House
    clock: FixedClock
    client: httpx.AsyncClient


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _served(servers: RealServers, issuer: Issuer) -> AsyncIterator[_Served]:
    settings, clock = booking_settings(servers, issuer), FixedClock(NOW)
    house = house_of(settings, clock)
    async with asked(make_http(settings, house)) as client:
        yield _Served(house, clock, client)


@pytest_asyncio.fixture(loop_scope="session")
async def world(_served: _Served, clean_databases: None, issuer: Issuer) -> World:
    """Booking as on its first day: nothing is there yet, and the clock is where it was."""
    house, clock = _served.house, _served.clock
    clock.advance(NOW - clock.now())
    house.cards._known.clear()
    house.decisions.ledger._claims._known.clear()  # type: ignore[attr-defined]
    return World(house, clock, _served.client, issuer, await know_keys(house))
