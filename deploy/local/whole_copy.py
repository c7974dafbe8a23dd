"""One whole copy: the servers and every process, started in the order in which they can."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Awaitable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from deploy.local.copy_file import describe
from deploy.local.data_folder import DataFolder, write_json
from deploy.local.held import belongs, is_held
from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports
from deploy.local.processes import Child, Children, Told
from deploy.local.ready import NotReady, wait_until_ready
from deploy.local.servers import Servers
from deploy.local.table import Process, Table

_HOPELESS = 3
"""A process that has died so often before it ever was ready will not become so."""


class Copy:
    """Everything of one data folder.

    `only` starts the named processes alone: `booking` means `booking-http` and `booking-worker`.
    """

    def __init__(self, folder: DataFolder, *, told: Told, only: Iterable[str] = ()) -> None:
        ports, secrets = Ports(folder), Secrets(folder)
        self._ports = ports  # holds our claim to the front door's port
        self._folder, self._told = folder, told
        self.servers = Servers(folder, ports, secrets, told=self._changed)
        self.table = Table(folder, ports, secrets, self.servers)
        self._children = Children()
        self._chosen = _choose(self.table, tuple(only))
        self._ready = False

    async def start(self) -> None:
        """Return when everything is ready. Raises NotReady, NoMongod, NoRabbit."""
        self._folder.held.unlink(missing_ok=True)
        self._write()
        try:
            await self._start_together()
        except ExceptionGroup as failures:
            # One that did not start stops the others' start; they have nothing to add.
            raise _first(failures) from None
        self._ready = True
        self._write()

    async def stop(self) -> None:
        """Stop the processes, then the servers, within 5 s together."""
        self._ready = False
        self._folder.copy.unlink(missing_ok=True)
        await self._children.stop()
        await self.servers.stop()

    async def _start_together(self) -> None:
        async with asyncio.TaskGroup() as together:
            mongodb = self._server("mongodb", self.servers.start_mongod())
            rabbitmq = self._server("rabbitmq", self.servers.start_rabbit())
            started = {
                "mongodb": together.create_task(mongodb),
                "rabbitmq": together.create_task(rabbitmq),
            }
            for process in self._chosen:
                needs = [started[need] for need in process.needs]
                together.create_task(self._start(process, needs))

    async def _server(self, name: str, starting: Awaitable[None]) -> None:
        began = time.monotonic()
        await starting
        self._told(name, f"ready {time.monotonic() - began:.1f}")

    async def _start(self, process: Process, needs: list[asyncio.Task[None]]) -> None:
        for server in needs:
            await asyncio.shield(server)
        began = time.monotonic()
        command = self.table.command(process.name)
        may_not = partial(is_held, self._folder, process.name)
        child = await self._children.start(Child(command, held=may_not, told=self._changed))
        try:
            await wait_until_ready(
                process.ready_url, worth_waiting=lambda: child.deaths < _HOPELESS
            )
        except NotReady as error:
            raise NotReady(
                f"{process.name}: {error}\n  {_last_line(command.log)}\n  {command.log}"
            ) from error
        self._told(process.name, f"ready {time.monotonic() - began:.1f}")

    def _changed(self, name: str, what: str) -> None:
        self._told(name, what)
        if self._ready:
            self._write()

    def _write(self) -> None:
        write_json(self._folder.copy, self.described())

    def described(self) -> dict[str, Any]:
        """What copy.json says now."""
        pids = {"local": os.getpid(), **self.servers.pids(), **self._children.pids()}
        return describe(self.table, self.servers, ready=self._ready, pids=pids)


def _choose(table: Table, only: tuple[str, ...]) -> list[Process]:
    unknown = [
        name for name in only if not any(belongs(process, name) for process in table.processes)
    ]
    if unknown:
        raise UnknownProcess(", ".join(unknown) + " · " + ", ".join(table.processes))
    return [
        process
        for process in table.processes.values()
        if not only or any(belongs(process.name, name) for name in only)
    ]


class UnknownProcess(Exception):
    """`--only` named something that is not in the table."""


def _last_line(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def _first(failures: BaseException) -> BaseException:
    while isinstance(failures, BaseExceptionGroup):
        failures = failures.exceptions[0]
    return failures
