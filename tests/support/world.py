"""A service as its integration tests meet it: its house in this process, its API really served.

What a service's tests add of their own stands in their `world.py`: a `World[House]` with the words
of that service, and a fixture of a few lines in their `conftest.py`.
"""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import httpx
from starlette.types import ASGIApp

from shared.contracts.envelope import Envelope
from shared.house.ground import House
from shared.kernel.clock import FixedClock
from shared.mongo.client import Session
from shared.web.serving import served
from tests.support.servers import RealServers
from tests.unit.shared.issuer import Issuer

H = TypeVar("H", bound=House)
T = TypeVar("T")
KEY = base64.b64encode(b"k" * 32).decode()
"""Every 32-byte key of the tests."""
DOOR = "http://127.0.0.1:8000"


def told(servers: RealServers, service: str, **own: Any) -> dict[str, Any]:
    """What both processes of a service are told: where things are, as its own users."""
    return {
        "mongodb_url": servers.mongo_url(service),
        "keys_mongodb_url": servers.mongo_url(f"{service}-keys"),
        "audit_mongodb_url": servers.mongo_url(f"{service}-audit"),
        "checkpoints_mongodb_url": servers.mongo_url(f"{service}-checkpoints"),
        "master_key": KEY,
        "fingerprint_key": KEY,
        "profile": "local",
        **own,
    }


def http_told(servers: RealServers, service: str, issuer: Issuer, **own: Any) -> dict[str, Any]:
    """What the HTTP process is told besides."""
    web = {
        "http_port": 0,
        "issuer": issuer.url,
        "audience": service,
        "front_door": DOOR,
        "anonymous_burst": 100_000,
    }
    return told(servers, service, **{**web, **own})


def worker_told(servers: RealServers, service: str, **own: Any) -> dict[str, Any]:
    """What the worker is told besides."""
    amqp = (servers.amqp_url(service),)
    return told(servers, service, amqp_urls=amqp, metrics_port=0, audit_signing_key=KEY, **own)


@asynccontextmanager
async def asked(app: ASGIApp, port: int = 0) -> AsyncIterator[httpx.AsyncClient]:
    """The app served on a real port (0: a free one), and who asks it."""
    async with (
        served(app, port=port) as url,
        httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as client,
    ):
        yield client


@dataclass
class World(Generic[H]):
    """A house, the clock it goes by, its API, and whoever signs its staff's tokens."""

    house: H
    clock: FixedClock
    client: httpx.AsyncClient
    issuer: Issuer

    def signed_in(
        self, role: str = "coordinator", username: str = "amina.lund", **claims: Any
    ) -> dict[str, str]:
        """The header of a member of staff; `claims` are said besides."""
        token = self.issuer.token(
            aud=self.house.ground.service,
            sub=f"sub-{username}",
            roles=[role],
            preferred_username=username,
            name=username,
            **claims,
        )
        return {"Authorization": f"Bearer {token}"}

    async def ask(
        self, method: str, path: str, status: int = 200, *, by: str = "coordinator", **more: Any
    ) -> Any:
        """One request by somebody of that role; its JSON, if the status is the expected one."""
        headers = {**self.signed_in(by), **more.pop("headers", {})}
        answer = await self.client.request(method, path, headers=headers, **more)
        assert answer.status_code == status, answer.text
        return answer.json()

    async def rows(self, collection: str, **asked: Any) -> list[dict[str, Any]]:
        """What stands in the service's own database."""
        found = self.house.ground.database[collection].find(asked).sort("_id", 1)
        return list(await found.to_list(None))

    async def told(self, name: str | None = None, subject: str | None = None) -> list[Envelope]:
        """Events in the outbox, in the order in which they were told."""
        # A sealed body is emptied once the broker has it.
        bodies = [row["body"] for row in await self.rows("outbox") if row["body"]]
        return [
            event
            for event in map(Envelope.from_bytes, bodies)
            if (name is None or event.type.split(".")[-2] == name)
            and (subject is None or event.subject == subject)
        ]

    async def in_transaction(self, work: Callable[[Session], Awaitable[T]]) -> T:
        """Whatever needs a session in hand."""
        return await self.house.ground.transact(work)
