"""Writing and signing in child processes: neither may hold up who speaks to mail servers."""

from __future__ import annotations

import asyncio
import contextlib
import mmap
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol, cast

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

    async def write(self, content: Content, some: Wanted, at: datetime) -> Sequence[Letter]:
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

    async def write(self, content: Content, some: Wanted, at: datetime) -> Sequence[Letter]:
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

    async def write(self, content: Content, some: Wanted, at: datetime) -> Sequence[Letter]:
        """See `Writes`. Raises ChildProcessError when children die of it."""
        child = await self._free.get()
        try:
            for _ in range(_TRIES):
                with contextlib.suppress(ConnectionError):
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
        self._running: tuple[asyncio.SubprocessTransport, _Answers] | None = None
        self._told: list[str] = []

    async def write(self, content: Content, some: Wanted, at: datetime) -> Sequence[Letter]:
        if self._running is None:
            self._running = await self._started()
        process, answers = self._running
        known = content.mailing_id in self._told
        _say(process, question(None if known else content, content.mailing_id, some, at))
        self._remember(content.mailing_id)
        return answered(await answers.next())

    async def close(self) -> None:
        running, self._running = self._running, None
        self._told.clear()
        if running is not None:
            process, answers = running
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await answers.ended.wait()
            process.close()
            answers.close()

    async def _started(self) -> tuple[asyncio.SubprocessTransport, _Answers]:
        shared = os.memfd_create("letters")
        try:
            process, answers = await asyncio.get_running_loop().subprocess_exec(
                lambda: _Answers(shared),
                *(sys.executable, "-m", "services.publishing.mailing.scribe", str(shared)),
                stderr=None,
                cwd=_ROOT,
                start_new_session=True,
                pass_fds=(shared,),
            )
        except BaseException:
            os.close(shared)
            raise
        _say(process, desk_told(self._desk))
        return process, answers

    def _remember(self, mailing_id: str) -> None:
        """The same eight that the child keeps, in the same order."""
        if mailing_id in self._told:
            self._told.remove(mailing_id)
        self._told = [*self._told, mailing_id][-8:]


class _Answers(asyncio.SubprocessProtocol):
    """What a child says: one answer to each question, in memory that both share.

    Two megabytes each. Through the pipe they would be copied five times more.
    """

    def __init__(self, shared: int) -> None:
        self._shared = shared
        self._seen: mmap.mmap | None = None
        self._said = b""
        self._waiting: asyncio.Future[int] | None = None
        self.ended = asyncio.Event()

    async def next(self) -> memoryview:
        """Good until the next question. Raises ConnectionError when the child is gone."""
        if self.ended.is_set():
            raise ConnectionError("it is gone")
        self._waiting = asyncio.get_running_loop().create_future()
        length = await self._waiting
        if self._seen is None or len(self._seen) < length:
            self._seen = mmap.mmap(self._shared, 0, prot=mmap.PROT_READ)
        return memoryview(self._seen)[:length]

    def close(self) -> None:
        os.close(self._shared)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        del fd
        self._said += data
        if len(self._said) >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self._said)
            self._said = self._said[LENGTH.size :]
            if self._waiting is not None and not self._waiting.done():
                self._waiting.set_result(length)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        del fd, exc
        self._gone()

    def process_exited(self) -> None:
        self.ended.set()
        self._gone()

    def _gone(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ConnectionError("it is gone"))


def _say(process: asyncio.SubprocessTransport, data: bytes) -> None:
    # uvloop's is one, and does not say so.
    pipe = cast("asyncio.WriteTransport", process.get_pipe_transport(0))
    if pipe.is_closing():
        raise ConnectionError("it is gone")
    pipe.write(LENGTH.pack(len(data)) + data)
