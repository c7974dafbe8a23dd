"""Something done with a copy's MongoDB alone: as it runs, or started for the occasion."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from typing import TypeVar

from deploy.local.data_folder import DataFolder, read_json
from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports
from deploy.local.servers import Servers
from deploy.local.up import alone

T = TypeVar("T")
Work = Callable[[str, threading.Event], T]
"""Given the administrator's URL, and what is set when the work is to be broken off."""


class CopyRuns(Exception):
    """The copy's services run, and must not."""


def on_database(
    folder: DataFolder,
    work: Work[T],
    *,
    services_may_run: bool,
    afterwards: Callable[[Servers], None] = lambda _: None,
) -> T:
    """Do it, in a thread of its own; Ctrl-C breaks it off and stops what was started.

    `afterwards` comes when it is done, before anybody else may start the copy.

    Raises:
        CopyRuns, AlreadyRunning, NoMongod, and what the work raises.
    """
    running = bool(read_json(folder.copy))
    if running and not services_may_run:
        raise CopyRuns
    servers = Servers(folder, Ports(folder, in_use=running), Secrets(folder))
    if running:
        done = asyncio.run(_do(work, servers))
        afterwards(servers)
        return done
    with alone(folder):
        done = asyncio.run(_started(work, servers))
        afterwards(servers)
        return done


async def _started(work: Work[T], servers: Servers) -> T:
    try:
        await servers.start_mongod()
        return await _do(work, servers)
    finally:
        await servers.stop()


async def _do(work: Work[T], servers: Servers) -> T:
    over = threading.Event()
    doing = asyncio.ensure_future(asyncio.to_thread(work, servers.mongo_administrator_url, over))
    try:
        return await asyncio.shield(doing)
    finally:
        over.set()
        await asyncio.wait({doing})
