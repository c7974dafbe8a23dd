"""Waiting for the database: while it is away, nothing is a message's own fault."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from pymongo.errors import ConnectionFailure

from shared.kernel.pauses import Pauses

T = TypeVar("T")
log = structlog.get_logger(__name__)


async def while_database_is_away(work: Callable[[], Awaitable[T]]) -> T:
    """Call `work` again and again as long as it fails for want of a database connection."""
    pauses = Pauses(0.2, 5.0)
    while True:
        try:
            return await work()
        except ConnectionFailure as error:
            log.warning("database_away", kind=type(error).__name__)
        await pauses.rest()
