"""One service's audit on the real database, under its own users."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from fastapi import FastAPI
from pymongo import MongoClient
from pymongo.collection import Collection

from shared.audit.audit import Audit
from shared.audit.checkpoints import MongoCheckpoints
from shared.audit.names import MongoNames
from shared.audit.routes import STATUSES, routes
from shared.mongo.client import connect, database_of
from shared.web.app import make_app
from shared.web.idempotency import Idempotency
from shared.web.settings import WebSettings
from shared.web.signed_in import TokenVerifier
from tests.support.servers import RealServers
from tests.unit.shared.issuer import Issuer, an_issuer

SERVICE = "notifications"
PERMISSIONS = {"audit.read": frozenset({"auditor"}), "audit.follow-up": frozenset({"auditor"})}


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


@pytest.fixture
def signed_rows(servers: RealServers) -> Iterator[Collection[dict[str, Any]]]:
    """The checkpoints in the same way."""
    with MongoClient[dict[str, Any]](servers.mongo_administrator_url) as administrator:
        yield administrator[f"{SERVICE}_checkpoints"]["checkpoints"]


@pytest_asyncio.fixture(loop_scope="session")
async def issuer() -> AsyncIterator[Issuer]:
    async with an_issuer() as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def app(
    servers: RealServers, audit: Audit, checkpoints: MongoCheckpoints, issuer: Issuer
) -> AsyncIterator[FastAPI]:
    """The auditor's routes of one service."""
    url = servers.mongo_url(SERVICE)
    database = database_of(connect(url), url)
    await Idempotency(database).make_indexes()
    settings = WebSettings(
        profile="local", http_port=1, issuer=issuer.url, audience=SERVICE, front_door="http://f"
    )
    verifier = TokenVerifier(issuer.url, SERVICE)
    yield make_app(
        service=SERVICE,
        settings=settings,
        routers=[routes(SERVICE, audit, checkpoints, database, names=MongoNames(database))],
        refusals=STATUSES,
        permissions=PERMISSIONS,
        verifier=verifier,
    )
    await verifier.keys.close()
    database.client.close()


def signed_in(issuer: Issuer, role: str) -> dict[str, str]:
    """The headers of somebody with this role."""
    token = issuer.token(aud=SERVICE, sub=f"sub-{role}", roles=[role], preferred_username="v.i")
    return {"Authorization": f"Bearer {token}"}
