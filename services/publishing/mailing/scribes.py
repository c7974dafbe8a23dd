"""Writing and signing in child processes: neither may hold up who speaks to mail servers."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from services.publishing.mailing.ports import Content
from services.publishing.mailing.scribe import Scribe
from services.publishing.mailing.scribing import (
    LENGTH,
    Question,
    Wanted,
    answered,
    desk_told,
    question,
)
from services.publishing.mailing.writing import Desk, Letter

_ROOT = Path(__file__).resolve().parents[3]
_TRIES = 3


class Writes(Protocol):
    """Whoever turns readers into letters."""

    async def write(
        self, content: Content, some: Sequence[Wanted], at: datetime
    ) -> Sequence[Letter]:
        """One letter for each, in their order."""
        ...

    async def close(self) -> None:
        """Let go of what it holds."""
        ...


class InThread:
    """In this process, in a thread: for tests, and where a process more is too much."""

    def __init__(self, desk: Desk) -> None:
        self._scribe = Scribe(desk)
        self._known: set[str] = set()
        self._turn = asyncio.Lock()

    async def write(
        self, content: Content, some: Sequence[Wanted], at: datetime
    ) -> Sequence[Letter]:
        """See `Writes`."""
        async with self._turn:
            asked = Question(content.mailing_id, at, some, content.variants)
            return await asyncio.to_thread(self._scribe.write, asked)

    async def close(self) -> None:
        """Nothing to let go of."""


class Scribes:
    """`count` children; one that dies is started again, and asked again."""

    def __init__(self, desk: Desk, count: int) -> None:
        self._free: asyncio.Queue[_Child] = asyncio.Queue()
        self._all = [_Child(desk) for _ in range(count)]
        for child in self._all:
            self._free.put_nowait(child)

    async def write(
        self, content: Content, some: Sequence[Wanted], at: datetime
    ) -> Sequence[Letter]:
        """See `Writes`. Raises ChildProcessError when children die of it."""
        child = await self._free.get()
        try:
            for _ in range(_TRIES):
                with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                    return await child.write(content, some, at)
                await child.close()
        except BaseException:
            # Half a question or half an answer is on the pipe: begin with a clean one.
            await child.close()
            raise
        finally:
            self._free.put_nowait(child)
        raise ChildProcessError("nobody writes it")

    async def close(self) -> None:
        """End them."""
        for child in self._all:
            await child.close()


class _Child:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._process: asyncio.subprocess.Process | None = None
        self._told: list[str] = []

    async def write(
        self, content: Content, some: Sequence[Wanted], at: datetime
    ) -> Sequence[Letter]:
        if self._process is None:
            self._process = await self._started()
        out = self._process.stdout
        assert out is not None  # noqa: S101 - a pipe was asked for
        known = content.mailing_id in self._told
        await self._say(question(None if known else content, content.mailing_id, some, at))
        self._remember(content.mailing_id)
        (length,) = LENGTH.unpack(await out.readexactly(LENGTH.size))
        return answered(await out.readexactly(length))

    async def close(self) -> None:
        process, self._process = self._process, None
        self._told.clear()
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _started(self) -> asyncio.subprocess.Process:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "services.publishing.mailing.scribe",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            cwd=_ROOT,
            limit=1 << 20,
            start_new_session=True,
        )
        self._process = process
        await self._say(desk_told(self._desk))
        return process

    async def _say(self, data: bytes) -> None:
        assert self._process is not None  # noqa: S101 - the caller's
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101 - a pipe was asked for
        pipe.write(LENGTH.pack(len(data)) + data)
        await pipe.drain()

    def _remember(self, mailing_id: str) -> None:
        """The same eight that the child keeps, in the same order."""
        if mailing_id in self._told:
            self._told.remove(mailing_id)
        self._told = [*self._told, mailing_id][-8:]
