"""The processes between which the event path is measured, started and ended by the bench."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from deploy.local.data_folder import CHECKOUT
from shared.mongo.client import Database, connect, database_of
from tests.support.eventually import eventually
from tests.support.servers import RealServers

RAW_QUEUE = "bench.raw"

Heard = Callable[[set[str]], Awaitable[dict[str, int]]]
"""Waits until all these event ids were heard, and says when each was (monotonic nanoseconds)."""


def database_at(servers: RealServers, service: str) -> Database:
    """A service's own database, with its own rights."""
    return database_of(connect(servers.mongo_url(service)), servers.mongo_url(service))


@asynccontextmanager
async def ends(servers: RealServers, *kinds: str, writes: str = "2") -> AsyncIterator[Heard]:
    """Start the processes; gives what waits for ids to be heard, ends them and tells when."""
    with tempfile.TemporaryDirectory() as folder:
        times = Path(folder, "times.json")
        async with AsyncExitStack() as stack:
            running = [
                await stack.enter_async_context(_end(servers, kind, times, writes))
                for kind in kinds
            ]

            async def heard(names: set[str]) -> dict[str, int]:
                await _effects_there(servers, kinds[-1], names)
                await asyncio.sleep(0.3)
                for process in running:
                    process.terminate()
                    await process.wait()
                return _read(times)

            yield heard


def _read(times: Path) -> dict[str, int]:
    found: dict[str, int] = json.loads(times.read_text("utf-8"))
    return found


async def _effects_there(servers: RealServers, kind: str, names: set[str]) -> None:
    if kind == "echo":
        return
    effects = database_at(servers, "notifications")["bench_effects"]
    wanted = {"event_id": {"$in": list(names)}}

    async def there() -> bool:
        return await effects.count_documents(wanted) == len(names)

    await eventually(there, within=60, every=0.2)


@asynccontextmanager
async def _end(
    servers: RealServers, kind: str, times: Path, writes: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    service = "booking" if kind == "relay" else "notifications"
    ours = kind in ("relay", "listen")
    places = {
        "mongo": servers.mongo_url(service),
        "amqp": servers.amqp_url(service) if ours else servers.amqp_administrator_url,
        "queue": RAW_QUEUE,
        "writes": writes,
    }
    if kind != "relay":
        places["times"] = str(times)
        database = database_at(servers, "notifications")
        for name in ("bench_effects", "bench_marks"):
            await database[name].delete_many({})
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.bench.event_path_process",
        kind,
        json.dumps(places),
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        assert await process.stdout.readline()
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
