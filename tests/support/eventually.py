"""Patience: poll an observable effect until a deadline, instead of sleeping and hoping."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


async def eventually(
    check: Callable[[], T | Awaitable[T]], *, within: float = 5.0, every: float = 0.02
) -> T:
    """Ask `check` (plain or async) until it gives something truthy without an AssertionError.

    Returns that. At the deadline (seconds) the last AssertionError comes out, or a new one that
    shows what was seen last.
    """
    deadline = time.monotonic() + within
    while True:
        try:
            seen = check()
            if inspect.isawaitable(seen):
                seen = await seen
            if seen:
                return seen  # type: ignore[return-value]
            failure = AssertionError(f"within {within} s only saw {seen!r}")
        except AssertionError as error:
            failure = error
        if time.monotonic() >= deadline:
            raise failure
        await asyncio.sleep(every)
