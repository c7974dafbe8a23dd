"""A local copy: it keeps to itself, restarts what dies, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from deploy.local.data_folder import CHECKOUT, DataFolder, data_folder, read_json
from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports, is_free
from deploy.local.processes import ended_with_us
from deploy.local.servers import Servers
from tests.support.eventually import eventually
from tests.support.machine import is_loopback, listening, processes_of

ONLY = "sinks,identity"


@contextmanager
def copy_in(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A copy as a script's background job has it: SIGINT ignored from the start."""
    linked = ended_with_us()

    def as_a_background_job() -> None:
        linked()
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    with (folder / "said.txt").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.local", "up", "--only", ONLY, "--data", str(folder)],
            cwd=CHECKOUT,
            stdout=said,
            stderr=said,
            preexec_fn=as_a_background_job,  # noqa: PLW1509 - before any thread of ours
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(90)


async def ready(folder: Path) -> dict[str, Any]:
    """What the copy says of itself once it is ready."""

    def asked() -> dict[str, Any] | None:
        found: dict[str, Any] | None = read_json(folder / "copy.json")
        return found if found and found["ready"] else None

    described = await eventually(asked, within=240)
    assert described is not None
    return described


async def test_a_copy_keeps_to_itself_and_leaves_nothing(tmp_path: Path) -> None:
    """It listens on loopback only, hides its secrets, restarts a dead child, and ends at SIGINT.

    A second one in its folder is refused.
    """
    with copy_in(tmp_path) as process:
        described = await ready(tmp_path)
        ours = processes_of(tmp_path)
        assert {"mongod", "beam.smp", "epmd"} <= {Path(c.split()[0]).name for c in ours.values()}
        addresses = listening(ours)
        assert len(addresses) >= 6
        assert [address for address in addresses if not is_loopback(address)] == []
        private = ("copy.json", "secrets.json", "ports.json", "rabbitmq/definitions.json")
        assert {oct((tmp_path / name).stat().st_mode & 0o77) for name in private} == {"0o0"}

        await refuse_another(tmp_path)
        os.kill(described["pids"]["sinks"], signal.SIGKILL)
        await eventually(lambda: changed(tmp_path, "sinks", described))

        process.send_signal(signal.SIGINT)
        assert await asyncio.to_thread(process.wait, 90) == 0
    assert processes_of(tmp_path) == {}
    assert not (tmp_path / "copy.json").exists()


def changed(folder: Path, name: str, before: dict[str, Any]) -> bool:
    """Whether a child runs again, under another process id."""
    now = (read_json(folder / "copy.json") or {}).get("pids", {}).get(name)
    return now is not None and now != before["pids"][name]


async def test_not_even_a_kill_leaves_an_orphan(tmp_path: Path) -> None:
    """When the parent itself is killed, the kernel ends its children."""
    with copy_in(tmp_path) as process:
        await ready(tmp_path)
        assert len(processes_of(tmp_path)) >= 5
        process.kill()
        await asyncio.to_thread(process.wait)
        await eventually(lambda: processes_of(tmp_path) == {})


async def refuse_another(folder: Path) -> None:
    """A second copy in the same folder says so and ends, instead of harming the first's data."""
    again = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "deploy.local", "up", "--data", str(folder)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert again.returncode == 1
    assert "körs redan" in again.stdout


@pytest.mark.long
async def test_two_copies_run_side_by_side(tmp_path: Path) -> None:
    """Two data folders are two copies that share no port."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    with copy_in(one), copy_in(two):
        first, second = await asyncio.gather(ready(one), ready(two))
        assert first["front_door"] != second["front_door"]
        heard = set(listening(processes_of(one))), set(listening(processes_of(two)))
        assert len(heard[0]) == len(heard[1]) >= 6
        assert heard[0].isdisjoint(heard[1])
    assert processes_of(tmp_path) == {}


async def test_data_survives_another_port(tmp_path: Path) -> None:
    """When the kept port is taken at a later start, the database moves and keeps what it has."""
    folder = data_folder(tmp_path)
    await with_a_document(folder)
    before = Ports(folder, in_use=True).take("mongodb")
    with taken(before):
        servers = Servers(folder, Ports(folder), Secrets(folder))
        await servers.start_mongod()
        try:
            assert servers.mongod.port != before
            with MongoClient[dict[str, Any]](servers.mongo_url("booking")) as booking:
                assert booking.booking.kept.find_one({}, {"_id": 0}) == {"still": "here"}
        finally:
            await servers.stop()


async def with_a_document(folder: DataFolder) -> None:
    """Start a database, write something, stop it."""
    servers = Servers(folder, Ports(folder), Secrets(folder))
    await servers.start_mongod()
    try:
        with MongoClient[dict[str, Any]](servers.mongo_url("booking")) as booking:
            booking.booking.kept.insert_one({"still": "here"})
    finally:
        await servers.stop()


@contextmanager
def taken(port: int) -> Iterator[None]:
    """Something else listens on the port, and hangs up on whoever calls."""
    with socket.create_server(("127.0.0.1", port)) as other:

        def hang_up() -> None:
            with contextlib.suppress(OSError):
                while True:
                    other.accept()[0].close()

        threading.Thread(target=hang_up, daemon=True).start()
        assert not is_free(port)
        yield
        other.shutdown(socket.SHUT_RDWR)
