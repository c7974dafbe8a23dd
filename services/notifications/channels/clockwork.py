"""What happens because time passes: reminders, lost answers, cards that never came, new keys."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

log = structlog.get_logger()


async def every(seconds: float, name: str, work: Callable[[], Awaitable[object]]) -> None:
    """Do it again and again; while it finds something, without a pause. Errors wait their turn."""
    while True:
        try:
            if await work():
                continue
        except Exception as error:  # noqa: BLE001 - the clockwork outlives a database that is away
            log.warning("clockwork_failed", task=name, reason=type(error).__name__)
        await asyncio.sleep(seconds)
