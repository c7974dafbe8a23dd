"""What a worker does because time passes, again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger(__name__)


async def every(seconds: float, name: str, work: Callable[[], Awaitable[object]]) -> None:
    """Do it again and again; without a pause while it finds something. Outlives what goes wrong."""
    while True:
        try:
            if await work():
                continue
        except Exception as error:  # noqa: BLE001 - the clockwork outlives a database that is away
            log.warning("clockwork_failed", task=name, reason=type(error).__name__)
        await asyncio.sleep(seconds)
