"""A service's worker as a process: it runs until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Awaitable, Callable

import uvloop

from shared.delivery.settings import WorkerSettings
from shared.observability import logging
from shared.observability.tracing import set_up_tracing


def run_worker(service: str, settings: WorkerSettings, work: Callable[[], Awaitable[None]]) -> None:
    """Work until SIGINT or SIGTERM; what `work` raises ends the process, to be started anew."""
    logging.set_up(settings.profile, service, "worker")
    set_up_tracing(service, "worker")
    uvloop.run(_until_told(work))


async def _until_told(work: Callable[[], Awaitable[None]]) -> None:
    running = asyncio.ensure_future(work())
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, running.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await running
