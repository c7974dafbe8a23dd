"""Booking tells, notifications hears: the two ends of the bus, on the real servers."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from shared.delivery.indexes import ensure_delivery_indexes
from tests.integration.delivery.ends import Ends
from tests.support.servers import RealServers


@pytest.fixture
async def ends(
    servers: RealServers, clean_databases: None, clean_queues: None
) -> AsyncIterator[Ends]:
    """Databases and buses of both services; whatever a test starts through it is stopped."""
    both = Ends(servers)
    await ensure_delivery_indexes(both.booking)
    await ensure_delivery_indexes(both.notifications)
    yield both
    await both.close()
