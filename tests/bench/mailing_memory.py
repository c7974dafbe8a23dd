"""What a mailer and its child hold at their highest, for mailings of rising size.

`python -m tests.bench.mailing_memory [recipients …]`, rising: 1,000, 100,000 and 1,000,000 of them
unless told otherwise. Real mailers, signed letters, the bench's own sink.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import Sequence
from unittest.mock import patch

import uvloop

from deploy.local.data_folder import data_folder
from services.publishing.main import house_of
from services.publishing.settings import HttpSettings
from tests.bench.mail_sinks import sink
from tests.bench.mailing import Bench
from tests.bench.mailing_raw import Sent
from tests.integration.publishing.mailing_world import Mailings
from tests.support.processes import make_processes
from tests.support.servers import RealServers, emptied, start_servers, stop_process

SIZES = (1_000, 100_000, 1_000_000)


async def measure(servers: RealServers, sizes: Sequence[int] = SIZES) -> dict[int, Sent]:
    """One mailing of each size by a fresh mailer, on subscribers put straight into storage."""
    emptied(servers, "publishing")
    processes, found = make_processes(servers), dict[int, Sent]()
    told = processes.table.command("publishing-http").environment
    with patch.dict(os.environ, told):
        house = house_of(HttpSettings())
    await house.make_indexes()
    mailings, before = Mailings(house), 0
    bench = Bench(servers, processes, mailings)
    try:
        for size in sizes:
            await mailings.a_list_with(size - before, domains=400, first=before)
            before = size
            with sink() as to:
                found[size] = await bench.run("one mailer, signed", to, 1)
            _print(size, found[size])
    finally:
        await asyncio.to_thread(processes.stop)
        house.close()
    return found


def _print(size: int, sent: Sent) -> None:
    said = f"{size:9,} recipients {sent.memory:5.0f} MB (≤ 200) {sent.per_second:6.0f} /s"
    print(f"{said} {sent.cpu:5.1f} µs CPU", flush=True)


def main() -> None:
    """Measure and print."""
    sizes = tuple(map(int, sys.argv[1:])) or SIZES
    with tempfile.TemporaryDirectory() as folder:
        servers = data_folder(f"{folder}/servers")
        process = start_servers(servers)
        try:
            uvloop.run(measure(RealServers(servers), sizes))
        finally:
            stop_process(process)


if __name__ == "__main__":
    main()
