"""Chunks in turn: one is saved while the next is made ready, and none is saved out of turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from services.publishing.use_cases.in_turn import in_turn


class Story:
    """What happened; `fails` names a step that does."""

    def __init__(self, fails: str = "") -> None:
        self.told: list[str] = []
        self._fails = fails

    async def chunks(self) -> AsyncIterator[int]:
        for number in range(3):
            yield number

    async def ready(self, chunk: int) -> str:
        await self._step(f"ready {chunk}")
        return f"made {chunk}"

    async def save(self, chunk: int, made: str) -> None:
        assert made == f"made {chunk}"
        await self._step(f"save {chunk}")

    async def _step(self, name: str) -> None:
        self.told.append(name)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        if name == self._fails:
            raise ConnectionError(name)
        self.told.append(f"{name}, done")

    async def all(self) -> list[int]:
        return [chunk async for chunk in in_turn(self.chunks(), self.ready, self.save)]


async def test_the_next_is_made_ready_while_one_is_saved() -> None:
    """Every chunk is told of once it is saved, in the order of the file."""
    story = Story()
    assert await story.all() == [0, 1, 2]
    told = story.told
    assert told.index("ready 1, done") < told.index("save 1")
    assert told.index("ready 1") < told.index("save 0, done") < told.index("save 1")
    assert [each for each in told if each.startswith("save") and "done" not in each] == [
        "save 0",
        "save 1",
        "save 2",
    ]


@pytest.mark.parametrize(("fails", "saved"), [("ready 1", [0]), ("save 1", [0]), ("save 0", [])])
async def test_an_error_leaves_the_first_chunks_whole(fails: str, saved: list[int]) -> None:
    """What was being saved is ended before the error is told, and nothing after it is saved."""
    story, others = Story(fails), asyncio.all_tasks()
    with pytest.raises(ConnectionError, match=fails):
        await story.all()
    assert [n for n in range(3) if f"save {n}, done" in story.told] == saved
    assert not asyncio.all_tasks() - others
