"""The mail server that takes our letters: lines to it are open while there is work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from services.publishing.mailing.connection import MailServer, ServerUnfit
from services.publishing.mailing.dialogue import Intend, Take, Told
from services.publishing.mailing.lines import Lines

log = structlog.get_logger(__name__)

UNFIT_AFTER = 10.0
"""Seconds without any line, while there is work."""
_IDLE_SECONDS = 30.0
_GRACE = 4.0


class Relay:
    """`fit` until there was no line for long; then the lines go on trying until there is one."""

    def __init__(
        self, server: MailServer, connections: int, take: Take, told: Told, intend: Intend
    ) -> None:
        self._open: Callable[[], Lines] = lambda: Lines(
            server, connections, take, told, self._unfit, intend
        )
        self._lines: Lines | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._without_since: float | None = None
        self._idle_since: float | None = None
        self.fit = self.fit_again = True

    def needed(self) -> None:
        """There is work."""
        self._idle_since = None
        if self._lines is None:
            self._without_since = None
            self._lines = self._open()

    def wake(self) -> None:
        """There may be letters to take."""
        if self._lines is not None:
            self._lines.wake()

    def abort(self) -> None:
        """Break every line at once."""
        if self._lines is not None:
            self._lines.abort()

    def look(self, *, at_work: bool) -> bool:
        """Said now and then. Whether there has just turned out to be no server."""
        now = asyncio.get_running_loop().time()
        if self._lines is None:
            return False
        if self._lines.standing:
            if not self.fit:
                self.fit = self.fit_again = True
            self._without_since = None
            self._close_if_idle(now, at_work=at_work)
            return False
        if self._without_since is None:
            self._without_since = now
        if not self.fit or now - self._without_since < UNFIT_AFTER:
            return False
        self.fit = False
        return True

    async def close(self) -> None:
        """Hear every answer that is due, and say goodbye."""
        lines, self._lines = self._lines, None
        if lines is not None:
            await lines.close(_GRACE)
        await asyncio.gather(*self._closing)

    def _close_if_idle(self, now: float, *, at_work: bool) -> None:
        if at_work or self._lines is None:
            self._idle_since = None
            return
        if self._idle_since is None:
            self._idle_since = now
        elif now - self._idle_since > _IDLE_SECONDS:
            lines, self._lines = self._lines, None
            task = asyncio.create_task(lines.close(_GRACE))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    def _unfit(self, error: ServerUnfit) -> None:
        # Nothing that the server said: a step and a code.
        log.warning("mail_server_unfit", why=error.why, code=error.code)
