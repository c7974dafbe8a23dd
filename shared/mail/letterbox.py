"""Single letters by SMTP over connections that are kept (RFC 5321)."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import Literal

import aiosmtplib

_TIMEOUT = 20.0
_GONE = (OSError, TimeoutError)
"""aiosmtplib's disconnections, time-outs and failed connects are of these kinds too."""


@dataclass(frozen=True, slots=True)
class HandedOver:
    """taken: the server has it. refused: it never will. not-now: it has not, and may later.

    unknown: nobody can say. `why` is a code, never the server's words; `code` its three digits.
    """

    kind: Literal["taken", "refused", "not-now", "unknown"]
    why: str | None = None
    code: int | None = None


class Letterbox:
    """A few connections, each for one letter at a time."""

    def __init__(self, host: str, port: int, *, connections: int) -> None:
        self._host, self._port = host, port
        self._idle: asyncio.LifoQueue[aiosmtplib.SMTP] = asyncio.LifoQueue()
        for _ in range(connections):
            self._idle.put_nowait(self._connection())

    async def put(self, sender: str, to: str, content: bytes) -> HandedOver:
        """Hand one letter over. Only after its last byte can its fate be unknown."""
        connection = await self._idle.get()
        try:
            return await self._hand_over(connection, sender, to, content)
        finally:
            if not connection.is_connected:
                connection = self._connection()
            self._idle.put_nowait(connection)

    async def close(self) -> None:
        """Say goodbye on the idle connections."""
        while not self._idle.empty():
            connection = self._idle.get_nowait()
            if connection.is_connected:
                with contextlib.suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
                    async with asyncio.timeout(0.5):
                        await connection.quit()

    async def _hand_over(
        self, connection: aiosmtplib.SMTP, sender: str, to: str, content: bytes
    ) -> HandedOver:
        try:
            await self._envelope(connection, sender, to)
        except aiosmtplib.SMTPResponseException as error:
            await _start_over(connection)
            return _answered(error.code)
        except (aiosmtplib.SMTPException, UnicodeError, ValueError) as error:
            connection.close()
            gone = isinstance(error, _GONE)
            return HandedOver("not-now" if gone else "refused", why=type(error).__name__)
        except _GONE as error:
            connection.close()
            return HandedOver("not-now", why=type(error).__name__)
        return await _body(connection, content)

    async def _envelope(self, connection: aiosmtplib.SMTP, sender: str, to: str) -> None:
        fresh = not connection.is_connected
        if fresh:
            await connection.connect()
        try:
            await connection.mail(sender)
        except _GONE:
            if fresh:
                raise
            connection.close()  # An idle connection may have been closed by the other side.
            await connection.connect()
            await connection.mail(sender)
        await connection.rcpt(to)

    def _connection(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._host, port=self._port, timeout=_TIMEOUT, start_tls=None
        )


async def _body(connection: aiosmtplib.SMTP, content: bytes) -> HandedOver:
    try:
        await connection.data(content)
    except aiosmtplib.SMTPResponseException as error:
        await _start_over(connection)
        return _answered(error.code)
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        connection.close()
        return HandedOver("unknown", why=type(error).__name__)
    return HandedOver("taken")


async def _start_over(connection: aiosmtplib.SMTP) -> None:
    try:
        await connection.rset()
    except (aiosmtplib.SMTPException, OSError, TimeoutError):
        connection.close()


def _answered(code: int) -> HandedOver:
    """RFC 5321 §4.2.1: 4yz may be tried again, 5yz may not. 421 closes the line."""
    kind: Literal["refused", "not-now"] = "refused" if 500 <= code < 600 else "not-now"
    return HandedOver(kind, why=f"smtp-{code}", code=code)
