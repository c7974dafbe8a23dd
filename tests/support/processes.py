"""Real processes of ours for tests: started from the local copy's own table, ended by their id."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

import pytest_asyncio

from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports
from deploy.local.processes import Command, ended_with_us
from deploy.local.ready import wait_until_ready
from deploy.local.servers import Servers
from deploy.local.table import LOOPBACK, Table
from tests.support.servers import RealServers, stop_process


@dataclass
class Running:
    """One process that a test started."""

    command: Command
    url: str
    ready_url: str
    _process: subprocess.Popen[bytes]

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End it as a power cut would (`kill -9`)."""
        self._process.kill()
        self._process.wait()

    def stop(self, *, within: float = 10.0) -> int:
        """Ask it to end; its exit code."""
        stop_process(self._process, within=within)
        return self._process.returncode

    def signal(self, sent: signal.Signals) -> None:
        """Send it any signal, e.g. SIGSTOP."""
        os.kill(self.pid, sent)

    async def restart(self, *, wait: bool = True) -> None:
        """Start it anew with the same command, after a kill or stop."""
        assert not self.alive
        self._process = _spawn(self.command)
        if wait:
            await self.ready()

    async def ready(self, *, within: float = 30.0) -> None:
        """Return when it says that it can do its work; its log is shown if it does not."""
        try:
            await wait_until_ready(self.ready_url, within=within)
        except Exception as error:
            raise AssertionError(f"{self.command.name}: {error}\n{self.log()}") from error

    def log(self) -> str:
        """The last lines it wrote."""
        return "\n".join(self.command.log.read_text(errors="replace").splitlines()[-30:])


@dataclass
class Processes:
    """Starts processes against the test servers and ends them all."""

    table: Table
    ports: Ports
    running: list[Running] = field(default_factory=list)

    async def start(
        self, name: str, *, second: str = "", wait: bool = True, **environment: str
    ) -> Running:
        """Start a process of the table (`booking-http`, `booking-worker`, `web`, `sinks` …).

        `second` names another one of the same kind, on a port of its own; `environment` changes
        what it is told.
        """
        process = self.table.processes[name]
        port = self.ports.take(f"{name}{second}") if second else process.port
        url = f"http://{LOOPBACK}:{port}"
        command = self.table.command(name, port=port, suffix=second, **environment)
        health = url if second else process.health_url
        started = Running(command, url, health + process.ready, _spawn(command))
        self.running.append(started)
        if wait:
            await started.ready()
        return started

    async def start_all(self, names: Iterable[str] = ()) -> dict[str, Running]:
        """Start several (default: every one of the table) side by side, then wait for each."""
        chosen = tuple(names) or tuple(self.table.processes)
        started = {name: await self.start(name, wait=False) for name in chosen}
        for one in started.values():
            await one.ready(within=60)
        return started

    def stop(self) -> None:
        """End them all."""
        for one in self.running:
            if one.alive:
                one.signal(signal.SIGCONT)
                one.signal(signal.SIGTERM)
        for one in self.running:
            one.stop()
        self.running.clear()


def make_processes(servers: RealServers) -> Processes:
    """For the servers of this run."""
    ports, secrets = Ports(servers.folder, in_use=True), Secrets(servers.folder)
    table = Table(servers.folder, ports, secrets, Servers(servers.folder, ports, secrets))
    return Processes(table, ports)


@pytest_asyncio.fixture(loop_scope="session")
async def processes(servers: RealServers) -> AsyncIterator[Processes]:
    """For one test: whatever it starts is ended with it."""
    ours = make_processes(servers)
    yield ours
    ours.stop()


def _spawn(command: Command) -> subprocess.Popen[bytes]:
    with command.log.open("ab") as log:
        return subprocess.Popen(
            command.argv,
            env=dict(command.environment),
            cwd=command.folder,
            stdout=log,
            stderr=log,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=ended_with_us(signal.SIGKILL),  # noqa: PLW1509 - before any thread of ours
        )
