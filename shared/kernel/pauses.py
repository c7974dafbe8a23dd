"""How long to wait before trying again: longer each time, and never in step with others."""

from __future__ import annotations

import asyncio
import random


class Pauses:
    """Seconds between attempts: `first`, doubled each time up to `longest`, each with jitter."""

    def __init__(self, first: float, longest: float) -> None:
        self._first = first
        self._next = first
        self._longest = longest

    def begin_again(self) -> None:
        """It worked: the next pause is the first one."""
        self._next = self._first

    def draw(self) -> float:
        """The length of the next pause: between half and all of it."""
        length = self._next
        self._next = min(self._next * 2, self._longest)
        return random.uniform(length / 2, length)  # noqa: S311 - not a secret

    async def rest(self) -> None:
        """Wait for the next pause."""
        await asyncio.sleep(self.draw())
