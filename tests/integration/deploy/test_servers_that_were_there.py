"""Servers that were there before us: a blank broker and a blank database get our users and rights.

`long`, as it starts a second broker (with its management API) and a second database.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aio_pika
import httpx
import pytest
import pytest_asyncio
from aiormq.exceptions import ChannelAccessRefused
from pymongo import MongoClient

from deploy.local.data_folder import CHECKOUT, DataFolder, data_folder
from deploy.local.environment import plain_environment
from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports
from deploy.local.processes import Child
from deploy.local.servers import Servers
from deploy.mongodb import ACCOUNTS
from deploy.rabbitmq.__main__ import URLS
from shared.broker import names
from tests.support.eventually import eventually

pytestmark = pytest.mark.long
QUEUE = names.listening_queue("notifications", "booking")


@dataclass(frozen=True, slots=True)
class Foreign:
    """Somebody else's servers, with an administrator's addresses."""

    mongodb: str
    amqp: str
    management: str

    def environment(self) -> dict[str, str]:
        """As an operator names them."""
        return {
            "MONGODB_URL": self.mongodb,
            "AMQP_URL": self.amqp,
            "RABBITMQ_MANAGEMENT_URL": self.management,
        }

    def exported(self) -> dict[str, Any]:
        """What the broker says of itself, in an order of its own made ours."""
        found = httpx.get(f"{self.management}/api/definitions", timeout=10).json()
        kinds = ("users", "permissions", "topic_permissions", "exchanges", "queues", "bindings")
        return {kind: sorted(json.dumps(x, sort_keys=True) for x in found[kind]) for kind in kinds}


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def foreign(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Foreign]:
    """A database that knows nobody but its administrator, and a broker fresh from its package."""
    folder = data_folder(tmp_path_factory.mktemp("foreign"))
    ports = Ports(folder)
    servers = Servers(folder, ports, Secrets(folder))
    rabbit, mongod, management = servers.rabbit, servers.mongod, ports.take("management")
    command = rabbit.command()
    _make_blank(folder, rabbit.port, management)
    children = servers.children
    await children.start(Child(mongod.command()))
    await children.start(Child(rabbit.name_service()))
    await rabbit.wait_for_name_service()
    await children.start(Child(command))
    try:
        await asyncio.to_thread(mongod.wait_until_primary)
        address = f"http://guest:guest@127.0.0.1:{management}"
        await eventually(lambda: _answers(address))
        amqp = f"amqp://guest:guest@127.0.0.1:{rabbit.port}/"
        yield Foreign(mongod.administrator_url, amqp, address)
    finally:
        await children.stop()


def _make_blank(folder: DataFolder, port: int, management: int) -> None:
    home = folder.folder("rabbitmq")
    (home / "enabled_plugins").write_text("[rabbitmq_management].\n")
    (home / "rabbitmq.conf").write_text(
        f"listeners.tcp.1 = 127.0.0.1:{port}\n"
        "management.tcp.ip = 127.0.0.1\n"
        f"management.tcp.port = {management}\n"
        "log.file = false\nlog.console = true\n"
    )


def _answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/api/overview", timeout=2).is_success
    except httpx.HTTPError:
        return False


@pytest_asyncio.fixture(loop_scope="session")
async def ours(
    foreign: Foreign, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Servers]:
    """A copy of ours that was told of them."""
    for name, value in foreign.environment().items():
        monkeypatch.setenv(name, value)
    folder = data_folder(tmp_path)
    servers = Servers(folder, Ports(folder), Secrets(folder))
    await servers.start()
    yield servers
    await servers.stop()


def apply(folder: Path, environment: dict[str, str]) -> tuple[int, str]:
    """`safespace topology apply`: its exit code and everything that it said."""
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli.main", "topology", "apply", "--json"],
        cwd=CHECKOUT,
        env=plain_environment(SAFESPACE_DATA=str(folder), **environment),
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


async def test_a_copy_uses_servers_that_were_there(ours: Servers) -> None:
    """It starts none of its own, and services sign in to those with our users and least rights."""
    assert ours.pids() == {}
    with MongoClient[dict[str, Any]](ours.mongo_url("booking")) as booking:
        booking.booking.rights.insert_one({"mine": True})
    connection = await aio_pika.connect(ours.amqp_url("notifications"))
    async with connection, connection.channel() as channel:
        queue = await channel.get_queue(QUEUE, ensure=True)
        assert await queue.get(fail=False) is None
    connection = await aio_pika.connect(ours.amqp_url("booking"))
    async with connection:
        channel = await connection.channel()
        with pytest.raises(ChannelAccessRefused):
            await (await channel.get_queue(QUEUE, ensure=False)).get(fail=False)


async def test_applying_the_topology_again_changes_nothing(
    foreign: Foreign, ours: Servers, tmp_path: Path
) -> None:
    """`safespace topology apply` over the management API leaves the broker as it was."""
    before = foreign.exported()
    assert any(QUEUE in queue for queue in before["queues"])
    code, said = apply(tmp_path, foreign.environment())
    assert (code, json.loads(said)) == (0, {"applied": True})
    assert foreign.exported() == before


async def test_what_cannot_be_applied_is_said(
    foreign: Foreign, ours: Servers, tmp_path: Path
) -> None:
    """A wrong password, or no management address, is a sentence, and never holds the password."""
    wrong = foreign.management.replace("guest:guest", "guest:not-the-password")
    code, said = apply(tmp_path, foreign.environment() | {"RABBITMQ_MANAGEMENT_URL": wrong})
    assert code != 0
    assert "401" in said
    assert "not-the-password" not in said
    code, said = apply(tmp_path, {"AMQP_URL": foreign.amqp})
    assert code != 0
    assert "RABBITMQ_MANAGEMENT_URL" in said


async def test_productions_jobs_prepare_both_servers(
    foreign: Foreign, ours: Servers, tmp_path: Path
) -> None:
    """The one-shot jobs give users the passwords in their services' URLs; again is harmless."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "mongodb-administrator-url").write_text(foreign.mongodb)
    for account in ACCOUNTS:
        url = ours.mongo_url(account.user).replace("@", "-anew@")
        (folder / f"{account.user}-mongodb-url").write_text(url + "\n")
    for user, secret in URLS.items():
        url = f"amqp://{user}:{user}-anew@{foreign.amqp.rpartition('@')[2]}{names.VHOST}"
        (folder / secret).write_text(json.dumps([url]) if secret.endswith("urls") else url)
    for name in ("username", "password"):
        (folder / f"broker-{name}").write_text("guest")
    for _ in range(2):
        job("deploy.mongodb", folder, foreign)
        job("deploy.rabbitmq", folder, foreign, "apply")
    url = (folder / "booking-mongodb-url").read_text().strip()
    with MongoClient[dict[str, Any]](url) as booking:
        booking.booking.rights.find_one({})
    connection = await aio_pika.connect((folder / URLS["scaler"]).read_text())
    async with connection:
        channel = await connection.channel()
        counted = await channel.declare_queue(QUEUE, passive=True)
        assert counted.declaration_result.message_count == 0
        with pytest.raises(ChannelAccessRefused):
            await counted.get(fail=False)


def job(module: str, secrets: Path, foreign: Foreign, *arguments: str) -> None:
    """Run a one-shot job as a container would; it must end well."""
    bare = foreign.management.replace("guest:guest@", "")
    told = {"SAFESPACE_SECRETS": str(secrets), "RABBITMQ_MANAGEMENT_URL": bare}
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=CHECKOUT,
        env=plain_environment() | told,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "in place" in done.stdout
