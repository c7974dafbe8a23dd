"""Work side by side for different keys, and one after the other for the same key."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Hashable
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Lanes(Generic[K]):
    """Each key has a queue of its own; turns are given in the order of asking."""

    def __init__(self) -> None:
        self._last: dict[K, asyncio.Future[None]] = {}

    def __len__(self) -> int:
        """How many keys have somebody at work or waiting."""
        return len(self._last)

    @asynccontextmanager
    async def turn(self, key: K) -> AsyncIterator[None]:
        """Wait for everybody before us with this key, then let the block run alone."""
        before = self._last.get(key)
        mine = asyncio.get_running_loop().create_future()
        self._last[key] = mine
        try:
            if before is not None:
                await asyncio.shield(before)
            yield
        finally:
            # Whoever gives up waiting must not let the next one past those who still work.
            if before is None or before.done():
                self._leave(key, mine)
            else:
                before.add_done_callback(lambda _: self._leave(key, mine))

    def _leave(self, key: K, mine: asyncio.Future[None]) -> None:
        if not mine.done():
            mine.set_result(None)
        if self._last.get(key) is mine:
            del self._last[key]
