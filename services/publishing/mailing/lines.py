"""A few kept connections to one mail server, opened again when they break, while there is work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from services.publishing.domain.smtp_replies import Verdict
from services.publishing.mailing.connection import Connection, MailServer, ServerUnfit, connect
from services.publishing.mailing.dialogue import Intend, Take, Told
from services.publishing.mailing.writing import Letter

FIRST_PAUSE = 0.2
LONGEST_PAUSE = 30.0
_GRACE = 15.0


class Lines:
    """`take`, `told` and `intend` as for `Dialogue`.

    `unfit` hears why a connection could not be made.
    """

    def __init__(
        self,
        server: MailServer,
        connections: int,
        take: Take,
        told: Told,
        unfit: Callable[[ServerUnfit], None],
        intend: Intend | None = None,
    ) -> None:
        self._server, self._take, self._told, self._unfit = server, take, told, unfit
        self._intend = intend
        self._open: set[Connection] = set()
        self._answers = 0
        self._stopping = asyncio.Event()
        self._keepers = [asyncio.create_task(self._keep()) for _ in range(connections)]

    def wake(self) -> None:
        """There may be letters to take again."""
        for connection in tuple(self._open):
            connection.wake()

    @property
    def standing(self) -> int:
        """How many connections are ready for letters."""
        return sum(connection.taking for connection in self._open)

    def abort(self) -> None:
        """Break every line at once: nothing more leaves on it. They are opened again."""
        for connection in tuple(self._open):
            connection.abort()

    async def close(self, grace: float = _GRACE) -> None:
        """Take nothing more, hear every answer that is due, say goodbye.

        Who is unanswered after `grace` seconds is told of as lost.
        """
        self._stopping.set()
        for connection in tuple(self._open):
            connection.stop()
        _, late = await asyncio.wait(self._keepers, timeout=grace)
        for connection in tuple(self._open):
            connection.abort()
        if late:
            await asyncio.wait(late, timeout=1.0)
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    async def _keep(self) -> None:
        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            before = self._answers
            try:
                await self._one()
            except ServerUnfit as error:
                self._unfit(error)
            # One that answers nobody before it breaks is asked less and less often.
            pause = FIRST_PAUSE if self._answers > before else min(LONGEST_PAUSE, pause * 2)
            await self._rest(pause)

    async def _one(self) -> None:
        connection = await connect(self._server)
        gone = asyncio.Event()
        self._open.add(connection)
        try:
            if not self._stopping.is_set():
                connection.begin(self._take, self._answered, gone.set, self._intend)
                await gone.wait()
        finally:
            self._open.discard(connection)
            connection.stop()

    def _answered(self, letter: Letter, verdict: Verdict) -> None:
        self._answers += 1
        self._told(letter, verdict)

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return
