"""Patience: poll an observable effect until a deadline, instead of sleeping and hoping.

The deadline is for what never comes: whatever comes is seen at once, so it is a long one. A busy
machine stands still for seconds at a time, and says nothing about what is tested.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, overload

T = TypeVar("T")

WITHIN = 100.0
"""Seconds."""


@overload
async def eventually(
    check: Callable[[], Awaitable[T]], *, within: float = WITHIN, every: float = 0.02
) -> T: ...
@overload
async def eventually(
    check: Callable[[], T], *, within: float = WITHIN, every: float = 0.02
) -> T: ...
async def eventually(
    check: Callable[[], Any], *, within: float = WITHIN, every: float = 0.02
) -> Any:
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
                return seen
            failure = AssertionError(f"within {within} s only saw {seen!r}")
        except AssertionError as error:
            failure = error
        if time.monotonic() >= deadline:
            raise failure
        await asyncio.sleep(every)
