"""Work in chunks: while one is saved, the next is made ready, so that neither waits for the other.

Saved one after the other: whoever is killed leaves the first of them, each whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import TypeVar

C = TypeVar("C")
R = TypeVar("R")


async def in_turn(
    chunks: AsyncIterator[C],
    ready: Callable[[C], Awaitable[R]],
    save: Callable[[C, R], Awaitable[None]],
) -> AsyncGenerator[C, None]:
    """Each chunk once it is saved. What an error of one finds under way is ended first."""
    saving: asyncio.Task[C] | None = None

    async def saved(chunk: C, made: R) -> C:
        await save(chunk, made)
        return chunk

    try:
        async for chunk in chunks:
            made = await ready(chunk)
            if saving is not None:
                yield await saving
            saving = asyncio.create_task(saved(chunk, made))
        if saving is not None:
            yield await saving
    finally:
        if saving is not None:
            await asyncio.gather(saving, return_exceptions=True)
