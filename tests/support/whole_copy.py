"""A whole running copy for journeys: what `make run` starts, in a data folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.data_folder import CHECKOUT, DataFolder, data_folder, read_json, write_json
from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports
from deploy.local.processes import ended_with_us, first_of_all
from deploy.local.servers import Servers
from deploy.local.table import Table
from tests.support.servers import stop_process

_READY_WITHIN = 240.0
_TOKEN_KEPT = 600.0
"""Seconds; they last a quarter of an hour."""
IMPATIENT = {
    "notifications": {
        "SAFESPACE_SEND_LEASE": "4",
        "SAFESPACE_NONE_MEANS_RETRY": "6",
        "SAFESPACE_LOOK_AGAIN": "0.5",
    }
}
"""An SMS whose answer was lost is looked into after seconds here, after minutes in real life."""
_SAFESPACE = Path(sys.executable).parent / "safespace"


@dataclass(slots=True)
class WholeCopy:
    """A running copy, its addresses, and a hand on its processes."""

    folder: DataFolder
    _tokens: dict[tuple[str, str], tuple[str, float]] = field(default_factory=dict)

    @property
    def described(self) -> dict[str, Any]:
        """copy.json as it is now."""
        found: dict[str, Any] | None = read_json(self.folder.copy)
        assert found is not None, "the copy has stopped"
        return found

    @property
    def booking(self) -> str:
        """Booking's own base URL."""
        return str(self.described["services"]["booking"])

    @property
    def notifications(self) -> str:
        """Notifications' own base URL."""
        return str(self.described["services"]["notifications"])

    @property
    def front_door(self) -> str:
        """Where people come in."""
        return str(self.described["front_door"])

    @property
    def sms_sink(self) -> str:
        """The phone."""
        return str(self.described["sms_sink"])

    @property
    def environment(self) -> dict[str, str]:
        """What a command line of this copy runs in."""
        return {**os.environ, "SAFESPACE_DATA": str(self.folder.root), "NO_COLOR": "1"}

    def pid(self, process: str) -> int:
        """Of a running process, e.g. `booking-worker`, `rabbitmq`."""
        return int(self.described["pids"][process])

    def table(self) -> Table:
        """How each process is started; for starting a second one beside."""
        ports, secrets = Ports(self.folder, in_use=True), Secrets(self.folder)
        return Table(self.folder, ports, secrets, Servers(self.folder, ports, secrets))

    def safespace(self, *words: str, check: bool = True, cwd: Path | None = None) -> Any:
        """Run a `safespace` command with --json, as a script would; gives what it printed."""
        done = subprocess.run(
            [str(_SAFESPACE), *words, "--json"],
            cwd=cwd or CHECKOUT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert not check or done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return json.loads(done.stdout)

    def token(self, username: str = "coordinator", audience: str = "booking") -> str:
        """An access token, asked for once per ten minutes."""
        key = (username, audience)
        if key not in self._tokens or time.monotonic() - self._tokens[key][1] > _TOKEN_KEPT:
            answer = httpx.post(
                f"{self.described['identity']}/token",
                data={
                    "grant_type": "urn:safespace:params:oauth:grant-type:demo",
                    "username": username,
                    "audience": audience,
                },
                timeout=30,
            )
            self._tokens[key] = answer.raise_for_status().json()["access_token"], time.monotonic()
        return self._tokens[key][0]

    def signed_in(self, username: str = "coordinator", audience: str = "booking") -> dict[str, str]:
        """The headers of somebody signed in."""
        return {"Authorization": f"Bearer {self.token(username, audience)}"}

    @asynccontextmanager
    async def client(
        self, username: str | None = "coordinator", service: str = "booking"
    ) -> AsyncIterator[httpx.AsyncClient]:
        """An HTTP client of one API, signed in or not."""
        headers = self.signed_in(username, service) if username else {}
        base = self.described["services"][service]
        limits = httpx.Limits(max_connections=256, max_keepalive_connections=256)
        async with httpx.AsyncClient(
            base_url=base, headers=headers, timeout=60, limits=limits
        ) as client:
            yield client

    async def phone(self, number: str | None = None) -> list[dict[str, Any]]:
        """What the phone shows, newest first."""
        async with httpx.AsyncClient(timeout=30) as client:
            params = {"to": number} if number else {}
            answer = await client.get(f"{self.sms_sink}/phone/messages", params=params)
        messages: list[dict[str, Any]] = answer.raise_for_status().json()
        return messages

    async def reply(self, number: str, text: str) -> None:
        """Answer by SMS as the person would."""
        async with httpx.AsyncClient(timeout=30) as client:
            answer = await client.post(
                f"{self.sms_sink}/phone/reply", json={"from": number, "message": text}
            )
        answer.raise_for_status()

    @contextmanager
    def clock(self, seconds: float) -> Iterator[None]:
        """Move domain time, and back again."""
        self.safespace("clock", f"+{int(seconds)}s")
        try:
            yield
        finally:
            self.safespace("clock", "reset")

    @contextmanager
    def another(self, process: str, suffix: str, **changed: str) -> Iterator[str]:
        """A second process of a kind, beside the first; gives its URL when it is ready."""
        table = self.table()
        port = Ports(self.folder, in_use=True).take(f"{process}{suffix}")
        command = table.command(process, port=port, suffix=suffix, **changed)
        with Path(command.log).open("ab") as log:
            running = subprocess.Popen(
                command.argv,
                cwd=command.folder,
                env=command.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=first_of_all(command),  # noqa: PLW1509 - before any thread of ours
            )
        try:
            _wait_for(f"http://127.0.0.1:{port}/health/ready", running, 60)
            yield f"http://127.0.0.1:{port}"
        finally:
            stop_process(running)


def _wait_for(url: str, process: subprocess.Popen[bytes], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        assert process.poll() is None, f"ended while starting: {url}"
        try:
            if httpx.get(url, timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        assert time.monotonic() < deadline, f"not ready: {url}"
        time.sleep(0.1)


@contextmanager
def running_copy(folder: DataFolder) -> Iterator[WholeCopy]:
    """Start a copy, wait until it is ready, stop it at the end."""
    write_json(folder.settings, IMPATIENT)
    with folder.log("up").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "deploy.local", "up", "--data", str(folder.root)],
            cwd=CHECKOUT,
            stdout=log,
            stderr=log,
            preexec_fn=ended_with_us(),  # noqa: PLW1509 - before any thread of ours
        )
    try:
        deadline = time.monotonic() + _READY_WITHIN
        while not (read_json(folder.copy) or {}).get("ready"):
            log_text = folder.log("up").read_text(errors="replace")
            assert process.poll() is None, log_text[-4000:]
            assert time.monotonic() < deadline, log_text[-4000:]
            time.sleep(0.1)
        yield WholeCopy(folder)
    finally:
        stop_process(process)


@pytest.fixture(scope="session")
def whole_copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeCopy]:
    """One copy for all journeys; `SAFESPACE_TEST_COPY=<data folder>` uses a running one."""
    already = os.environ.get("SAFESPACE_TEST_COPY")
    if already:
        yield WholeCopy(data_folder(already))
        return
    with running_copy(data_folder(tmp_path_factory.mktemp("copy"))) as copy:
        yield copy
