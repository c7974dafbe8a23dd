"""Child processes: in their own session, ended with us, restarted when they die, logged to files.

A child asks the kernel to be ended when we end, however we end (PR_SET_PDEATHSIG, prctl(2)), so
that not even `kill -9` of the parent leaves an orphan.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None

_FIRST_PAUSE, _LONGEST_PAUSE, _HEALTHY_AFTER = 0.5, 10.0, 30.0
_LOOK_AGAIN = 0.1
_LOG_KEPT = 10 * 1024 * 1024

Told = Callable[[str, str], None]
"""Called with the child's name and what happened: started, died, restarted, stopped."""


def to_nobody(_name: str, _what: str) -> None:
    """Nobody wants to be told."""


@dataclass(frozen=True, slots=True)
class Command:
    """What to start. `environment` is the child's whole environment."""

    name: str
    argv: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    folder: Path
    stop_within: float = 2.0
    """Seconds between asking it to stop and killing it."""
    if_we_die: signal.Signals = signal.SIGKILL
    niceness: int = 0
    """How far it steps back for others when there are too few cores (nice(2))."""


class Child:
    """One child process, kept running until `stop`."""

    def __init__(
        self,
        command: Command,
        *,
        before_restart: Callable[[], Awaitable[None]] | None = None,
        held: Callable[[], bool] = lambda: False,
        told: Told = to_nobody,
    ) -> None:
        self.command = command
        self._before_restart = before_restart
        self._held = held
        self._told = told
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self.deaths = 0
        """How often it ended without having been told to."""
        self._stopping = False
        self._spawning = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The process id while it runs."""
        alive = self._process is not None and self._process.returncode is None
        return self._process.pid if alive and self._process else None

    async def start(self) -> None:
        """Start it, and keep it running from now on."""
        self._process = await _spawn(self.command)
        self._told(self.command.name, "started")
        self._keeper = asyncio.create_task(self._keep(), name=f"keep {self.command.name}")

    async def stop(self) -> None:
        """Ask it to end, kill it if it does not, and return when it and its group are gone."""
        async with self._spawning:  # never miss one that is just being started
            self._stopping = True
        process = self._process
        if process is not None and process.returncode is None:
            _signal(process.pid, signal.SIGTERM)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.command.stop_within):
                    await process.wait()
        if process is not None:
            _signal_group(process.pid, signal.SIGKILL)
            await process.wait()
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        self._told(self.command.name, "stopped")

    async def _keep(self) -> None:
        pause = _FIRST_PAUSE
        while not self._stopping and self._process is not None:
            began = time.monotonic()
            code = await self._process.wait()
            if self._stopping:
                return
            _signal_group(self._process.pid, signal.SIGKILL)
            if self._held():
                await self._while_held()
            else:
                self.deaths += 1
                self._told(self.command.name, f"died ({code})")
                pause = _FIRST_PAUSE if time.monotonic() - began > _HEALTHY_AFTER else pause
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            if self._before_restart is not None:
                await self._before_restart()
            async with self._spawning:
                if self._stopping:
                    return
                self._process = await _spawn(self.command)
            self._told(self.command.name, "restarted")

    async def _while_held(self) -> None:
        self._told(self.command.name, "held")
        while self._held():  # noqa: ASYNC110 - a file rings no bell
            await asyncio.sleep(_LOOK_AGAIN)


@dataclass
class Children:
    """Several children, stopped together."""

    running: list[Child] = field(default_factory=list)

    async def start(self, child: Child) -> Child:
        """Start one and remember it."""
        self.running.append(child)
        await child.start()
        return child

    def pids(self) -> dict[str, int]:
        """The process ids of those that run."""
        return {child.command.name: child.pid for child in self.running if child.pid is not None}

    async def stop(self) -> None:
        """Stop all of them at once."""
        stopping, self.running = self.running, []
        await asyncio.gather(*(child.stop() for child in stopping))


async def _spawn(command: Command) -> asyncio.subprocess.Process:
    with _open_log(command.log) as log:
        return await asyncio.create_subprocess_exec(
            *command.argv,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=command.folder,
            env=dict(command.environment),
            start_new_session=True,
            preexec_fn=first_of_all(command),
        )


def first_of_all(command: Command) -> Callable[[], None]:
    """A `preexec_fn` with everything that a child does before it becomes its command."""
    linked = ended_with_us(command.if_we_die)

    def in_the_child() -> None:
        linked()
        if command.niceness:
            os.nice(command.niceness)
            # Linux may weigh whole sessions against each other, by a niceness of their own
            # (sched(7), autogroup), and each child has a session of its own.
            with contextlib.suppress(OSError):
                Path("/proc/self/autogroup").write_text(str(command.niceness), "ascii")

    return in_the_child


def ended_with_us(sent: signal.Signals = signal.SIGTERM) -> Callable[[], None]:
    """A `preexec_fn`: the child is sent this signal when we end, however we end."""
    parent = os.getpid()

    def in_the_child() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(sent))
            if os.getppid() != parent:  # it ended before we could ask
                os._exit(1)
        # A parent started with `&` in a script ignores SIGINT, and children inherit that.
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    return in_the_child


def _open_log(path: Path) -> IO[bytes]:
    if path.exists() and path.stat().st_size > _LOG_KEPT:
        path.replace(path.with_suffix(".log.1"))
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")


def _signal(pid: int, sent: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, sent)


def _signal_group(pid: int, sent: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, sent)
