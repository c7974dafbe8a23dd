"""The real servers for tests: one mongod and one RabbitMQ, started by the local copy's own code.

They start when the first test asks for them and end with the run. `SAFESPACE_TEST_SERVERS=<data
folder>` uses those of a running `python -m deploy.local servers --data <folder>` instead.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aio_pika
import pytest
import pytest_asyncio
from bson import Timestamp
from pymongo import MongoClient

from deploy.local.data_folder import CHECKOUT, DataFolder, data_folder, read_json
from deploy.local.processes import ended_with_us
from deploy.mongodb import ACCOUNTS
from deploy.rabbitmq.topology import definitions
from deploy.rabbitmq.users import WATCHER
from shared.contracts.catalogue import SERVICES

_READY_WITHIN = 180.0


@dataclass(frozen=True, slots=True)
class RealServers:
    """How to reach the servers of this test run."""

    folder: DataFolder

    @property
    def addresses(self) -> dict[str, Any]:
        """As the servers say now; process ids change when one was restarted."""
        found: dict[str, Any] | None = read_json(self.folder.servers)
        assert found is not None, "the servers have stopped"
        return found

    def mongo_url(self, user: str) -> str:
        """With the rights of one service (`booking`) or of its keys (`booking-keys`)."""
        return str(self.addresses["mongodb"]["users"][user])

    def amqp_url(self, user: str) -> str:
        """With the rights of one service's worker, or of the `watcher`."""
        return str(self.addresses["amqp"][user])

    @property
    def mongo_administrator_url(self) -> str:
        """May do anything in the database; for looking and cleaning, never for a service."""
        return str(self.addresses["mongodb"]["administrator"])

    @property
    def amqp_administrator_url(self) -> str:
        """May do anything on the broker; for looking and cleaning, never for a service."""
        return self.amqp_url("administrator")

    def pid(self, server: str) -> int:
        """Of `mongodb`, `rabbitmq` or `epmd`: killed, they are restarted."""
        return int(self.addresses["pids"][server])


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServers]:
    """The real servers, lazily and once."""
    running = os.environ.get("SAFESPACE_TEST_SERVERS")
    if running:
        yield RealServers(data_folder(running))
        return
    folder = data_folder(tmp_path_factory.mktemp("servers"))
    process = start_servers(folder)
    try:
        yield RealServers(folder)
    finally:
        while _administrators:
            _administrators.popitem()[1].close()
        stop_process(process)


def start_servers(folder: DataFolder) -> subprocess.Popen[bytes]:
    """Start both servers of a data folder in a process of their own, and wait for them."""
    with folder.log("servers").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.local", "servers", "--data", str(folder.root)],
            cwd=CHECKOUT,
            stdout=log,
            stderr=log,
            preexec_fn=ended_with_us(),  # noqa: PLW1509 - before any thread of ours
        )
    deadline = time.monotonic() + _READY_WITHIN
    while not folder.servers.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            stop_process(process)
            raise RuntimeError("servers did not start:\n" + _last_lines(folder.log("servers")))
        time.sleep(0.05)
    return process


def stop_process(process: subprocess.Popen[bytes], *, within: float = 10.0) -> None:
    """Ask a process to end, and make sure of it."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _last_lines(path: Path) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-20:])


@pytest.fixture
def clean_databases(servers: RealServers) -> None:
    """Every collection of every service is empty when the test begins; indexes stay."""
    emptied(servers)


def emptied(servers: RealServers, service: str = "") -> None:
    """Every collection of the service's databases (of all services) is empty afterwards."""
    ours = {each.database for each in ACCOUNTS if each.database.startswith(service)}
    administrator = _administrator(servers.mongo_administrator_url)
    for database, name in _written_since(administrator, servers.folder.root, ours):
        administrator[database][name].delete_many({})


_administrators: dict[str, MongoClient[dict[str, Any]]] = {}
"""By address, and signed in once: that took longer than the emptying itself."""


def _administrator(url: str) -> MongoClient[dict[str, Any]]:
    if url not in _administrators:
        _administrators[url] = MongoClient(url)
    return _administrators[url]


_seen: dict[tuple[Path, frozenset[str]], Timestamp] = {}
"""How far the database's own log was read, for each data folder and what is emptied there."""


def _written_since(
    administrator: MongoClient[dict[str, Any]], folder: Path, databases: set[str]
) -> list[tuple[str, str]]:
    """Collections in which something may stand: written to since they were emptied.

    The database's own log says it in one answer; to ask each of ninety took a tenth of a second of
    every test. The first time, and if the log no longer reaches back, it is all of them.
    """
    key, log = (folder, frozenset(databases)), administrator.local["oplog.rs"]
    read_to, oldest = _seen.get(key), log.find_one(sort=[("$natural", 1)])
    if read_to is None or oldest is None or oldest["ts"] > read_to:
        newest = log.find_one(sort=[("$natural", -1)])
        if newest is not None:
            _seen[key] = newest["ts"]
        return [
            (database, name)
            for database in databases
            for name in administrator[database].list_collection_names()
            if not name.startswith("system.")
        ]
    written: set[str] = set()
    for entry in log.find(
        {"ts": {"$gt": read_to}}, {"ts": 1, "op": 1, "ns": 1, "o.applyOps.ns": 1}
    ):
        _seen[key] = entry["ts"]
        if entry["op"] == "c":
            written.update(each["ns"] for each in entry.get("o", {}).get("applyOps", ()))
        elif entry["op"] != "d":
            written.add(entry["ns"])
    apart = (name.partition(".") for name in written)
    return [
        (database, name)
        for database, _, name in apart
        if database in databases and not name.startswith(("system.", "$"))
    ]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def amqp_administrator(
    servers: RealServers,
) -> AsyncIterator[aio_pika.abc.AbstractRobustConnection]:
    """An administrator's connection to the broker, for looking and cleaning."""
    connection = await aio_pika.connect_robust(servers.amqp_administrator_url)
    yield connection
    await connection.close()


@pytest_asyncio.fixture(loop_scope="session")
async def clean_queues(amqp_administrator: aio_pika.abc.AbstractRobustConnection) -> None:
    """Every queue of the topology is empty when the test begins."""
    await purged(amqp_administrator)


async def purged(administrator: aio_pika.abc.AbstractRobustConnection) -> None:
    """Every queue of the topology is empty afterwards."""
    channel = await administrator.channel()
    try:
        for name in queue_names():
            # A quorum queue writes down that it was emptied, also when nothing stood in it.
            queue = await channel.get_queue(name)
            if queue.declaration_result.message_count:
                await queue.purge()
    finally:
        await channel.close()


def queue_names() -> list[str]:
    """Every queue of the topology."""
    nobodys = dict.fromkeys((*SERVICES, WATCHER), "")
    return [str(queue["name"]) for queue in definitions(nobodys)["queues"]]
