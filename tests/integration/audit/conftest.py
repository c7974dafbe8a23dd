"""One service's audit on the real database, under its own users."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from pymongo import MongoClient
from pymongo.collection import Collection

from shared.audit.audit import Audit
from shared.audit.checkpoints import MongoCheckpoints
from shared.mongo.client import connect, database_of
from tests.support.servers import RealServers

SERVICE = "notifications"


@pytest_asyncio.fixture(loop_scope="session")
async def audit(servers: RealServers, clean_databases: None) -> AsyncIterator[Audit]:
    """Empty at the start."""
    url = servers.mongo_url(f"{SERVICE}-audit")
    made = Audit(database_of(connect(url), url), SERVICE)
    yield made
    made.close()


@pytest_asyncio.fixture(loop_scope="session")
async def checkpoints(
    servers: RealServers, clean_databases: None
) -> AsyncIterator[MongoCheckpoints]:
    """Empty at the start."""
    url = servers.mongo_url(f"{SERVICE}-checkpoints")
    made = MongoCheckpoints(database_of(connect(url), url))
    yield made
    made.close()


@pytest.fixture
def rows(servers: RealServers) -> Iterator[Collection[dict[str, Any]]]:
    """The entries as somebody sees them who may do anything with the database."""
    with MongoClient[dict[str, Any]](servers.mongo_administrator_url) as administrator:
        yield administrator[f"{SERVICE}_audit"]["entries"]
