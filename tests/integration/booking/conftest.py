"""Booking's API in this process, on the real database; the clock stands still."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from services.booking.api.app import make_http
from services.booking.main import house_of
from services.booking.settings import HttpSettings
from shared.kernel.clock import FixedClock
from shared.web.serving import served
from tests.integration.booking.world import NOW, World, know_keys
from tests.support.servers import RealServers
from tests.unit.shared.issuer import Issuer, an_issuer

KEY = base64.b64encode(b"k" * 32).decode()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def issuer() -> AsyncIterator[Issuer]:
    """Signs tokens for the staff of these tests."""
    async with an_issuer() as found:
        yield found


def booking_settings(servers: RealServers, issuer_url: str) -> HttpSettings:
    return HttpSettings.model_validate(
        {
            "profile": "local",
            "http_port": 0,
            "issuer": issuer_url,
            "audience": "booking",
            "front_door": "http://127.0.0.1:8000",
            "mongodb_url": servers.mongo_url("booking"),
            "keys_mongodb_url": servers.mongo_url("booking-keys"),
            "audit_mongodb_url": servers.mongo_url("booking-audit"),
            "checkpoints_mongodb_url": servers.mongo_url("booking-checkpoints"),
            "master_key": KEY,
            "fingerprint_key": KEY,
            "anonymous_burst": 100_000,
        }
    )


@pytest_asyncio.fixture(loop_scope="session")
async def world(
    servers: RealServers, clean_databases: None, issuer: Issuer
) -> AsyncIterator[World]:
    """A fresh booking service and everything around it."""
    settings = booking_settings(servers, issuer.url)
    clock = FixedClock(NOW)
    house = house_of(settings, clock)
    async with (
        served(make_http(settings, house)) as url,
        httpx.AsyncClient(base_url=url, timeout=30) as client,
    ):
        yield World(house, clock, client, issuer, await know_keys(house))
