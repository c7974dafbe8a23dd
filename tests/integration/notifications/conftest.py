"""The service in this process, the sink in its own; a fixed clock."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import pytest_asyncio

from deploy.local.data_folder import CHECKOUT
from deploy.local.environment import plain_environment
from deploy.local.processes import ended_with_us
from services.notifications.api.app import make_http
from services.notifications.main import Sending, house_of, incoming_of
from services.notifications.settings import HttpSettings, WorkerSettings
from shared.kernel.clock import FixedClock
from tests.integration.notifications.world import NOW, World
from tests.support.eventually import eventually
from tests.support.ports import free_port
from tests.support.servers import RealServers, emptied, stop_process
from tests.support.world import asked, http_told, worker_told
from tests.unit.shared.issuer import Issuer

SECRET = "callback-secret-of-the-tests"


@dataclass(frozen=True)
class Sinks:
    """Where the outside world listens."""

    url: str
    smtp_port: int
    api_port: int


@pytest.fixture(scope="session")
def sinks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sinks]:
    """The 46elks-like and SMTP sinks, once."""
    found = Sinks(f"http://127.0.0.1:{(port := free_port())}", free_port(), free_port())
    inbound = f"http://127.0.0.1:{found.api_port}/v1/callbacks/46elks/{SECRET}/incoming"
    told = {
        "SAFESPACE_SMS_SINK_PORT": str(port),
        "SAFESPACE_SMTP_SINK_PORT": str(found.smtp_port),
        "SAFESPACE_ELKS_USER": "u",
        "SAFESPACE_ELKS_PASSWORD": "p",
        "SAFESPACE_INBOUND_URL": inbound,
        "SAFESPACE_SINKS_FOLDER": str(tmp_path_factory.mktemp("sinks")),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "deploy.local.sinks"],
        cwd=CHECKOUT,
        env=plain_environment(**told),
        preexec_fn=ended_with_us(),  # noqa: PLW1509 - before any thread of ours
    )
    try:
        yield found
    finally:
        stop_process(process)


def worker_settings(servers: RealServers, sinks: Sinks) -> WorkerSettings:
    own: dict[str, Any] = {
        **of_both(sinks),
        "elks_url": sinks.url,
        "elks_user": "u",
        "elks_password": "p",
        "sms_from": "+46701740699",
        "smtp_host": "127.0.0.1",
        "smtp_port": sinks.smtp_port,
        "none_means_retry": 1.0,
        "until_uncertain": 2.0,
        "look_again": 0.05,
        "wait_for_card": 0.5,
    }
    return WorkerSettings.model_validate(worker_told(servers, "notifications", **own))


def http_settings(servers: RealServers, sinks: Sinks, issuer: Issuer) -> HttpSettings:
    own = {**of_both(sinks), "http_port": sinks.api_port}
    return HttpSettings.model_validate(http_told(servers, "notifications", issuer, **own))


def of_both(sinks: Sinks) -> dict[str, Any]:
    return {
        "mail_from": "bokning@safespace.example",
        "callback_secret": SECRET,
        "quiet_hours": "off",
        # The callbacks' public path is /callbacks; without the front door it lies under /v1.
        "front_door": f"http://127.0.0.1:{sinks.api_port}/v1",
    }


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def service(servers: RealServers, sinks: Sinks, issuer: Issuer) -> AsyncIterator[World]:
    """The service, once: its API is served, nothing else runs by itself."""
    settings, clock = worker_settings(servers, sinks), FixedClock(NOW)
    house = house_of(settings, clock)
    app = make_http(http_settings(servers, sinks, issuer), house_of(settings, clock))
    sending = Sending(settings, house)
    async with (
        asked(app, port=sinks.api_port) as client,
        httpx.AsyncClient(base_url=sinks.url, auth=("u", "p"), timeout=30, trust_env=False) as sink,
    ):
        await eventually(lambda: _alive(sink))
        yield World(house, clock, client, issuer, settings, sending, incoming_of(house), sink)
    await sending.close()
    house.close()


@pytest_asyncio.fixture(loop_scope="session")
async def world(service: World, servers: RealServers) -> World:
    """A fresh start: empty databases, a well-behaved sink, the clock where it was."""
    # In a thread: a late callback's transaction must be able to end while we wait for its locks.
    await asyncio.to_thread(emptied, servers, "notifications")
    service.clock.advance(NOW - service.clock.now())
    service.incoming = incoming_of(service.house)
    await service.misbehave()
    return service


async def _alive(sink: httpx.AsyncClient) -> bool:
    try:
        return (await sink.get("/health/live")).status_code == 200
    except httpx.TransportError:
        return False


@pytest_asyncio.fixture(loop_scope="session")
async def staff(world: World, issuer: Issuer) -> AsyncIterator[httpx.AsyncClient]:
    """A coordinator who is an operator too."""
    token = issuer.token(aud="notifications", roles=["coordinator", "operator"])
    headers = {"Authorization": f"Bearer {token}"}
    base = world.client.base_url
    async with httpx.AsyncClient(
        base_url=base, headers=headers, timeout=30, trust_env=False
    ) as client:
        yield client
