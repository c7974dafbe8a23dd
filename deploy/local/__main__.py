"""`python -m deploy.local up|servers`: the whole copy (`make run`), or its two servers alone."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from deploy.local.data_folder import DataFolder, data_folder
from deploy.local.kept_secrets import Secrets
from deploy.local.ports import Ports
from deploy.local.servers import Servers
from deploy.local.signals import stop_wished
from deploy.local.up import up


async def run_servers(folder: DataFolder) -> None:
    """Run MongoDB and RabbitMQ in the foreground until a signal.

    `servers.json` says how to reach them, and exists only while they are ready.
    """
    wished = stop_wished()
    folder.servers.unlink(missing_ok=True)
    servers = Servers(folder, Ports(folder), Secrets(folder), told=_say)
    starting = asyncio.create_task(servers.start())
    try:
        waiting = asyncio.create_task(wished.wait())
        await asyncio.wait({starting, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
        await waiting
    finally:
        starting.cancel()
        await servers.stop()


def _say(name: str, what: str) -> None:
    print(f"{name}: {what}", file=sys.stderr, flush=True)


def main() -> None:
    """Read the command line and run until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    parser.add_argument("what", choices=["up", "servers"])
    parser.add_argument("--data", type=Path, help="data folder; default $SAFESPACE_DATA or .data")
    parser.add_argument(
        "--only",
        default="",
        metavar="NAME,NAME",
        help="start these processes alone, e.g. booking,sinks (the servers always start)",
    )
    chosen = parser.parse_args()
    folder = data_folder(chosen.data)
    if chosen.what == "servers":
        asyncio.run(run_servers(folder))
    else:
        sys.exit(asyncio.run(up(folder, only=[n for n in chosen.only.split(",") if n])))


if __name__ == "__main__":
    main()
