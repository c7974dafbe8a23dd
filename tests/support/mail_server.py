"""A mail server of a test's own: it keeps whom it said yes to, and says no where it is told to."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_ENDED = b"\r\n.\r\n"
_ID = re.compile(rb"^Message-ID: <([^@>]+)@", re.MULTILINE)
_TO = re.compile(rb"<(.*)>")
Says = Callable[[str], str | None]
"""What it answers to a recipient instead of yes: `550 5.1.1 nobody`. `cut` breaks the line."""


def yes(address: str) -> str | None:
    """To everybody."""
    del address


@dataclass
class MailServer:
    """`accepted` counts Message-IDs that were taken; `to` whom they were for, in order."""

    says: Says = yes
    says_to_sender: str = "250 ok"
    pause: float = 0.0
    accepted: Counter[str] = field(default_factory=Counter)
    to: dict[str, str] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)
    contents: dict[str, bytes] = field(default_factory=dict)
    keeps_contents: bool = False
    connections: set[asyncio.Transport] = field(default_factory=set)
    most_connections: int = 0
    port: int = 0

    @property
    def letters(self) -> int:
        """How many were taken, doubles too."""
        return sum(self.accepted.values())

    def forget(self) -> None:
        """As if nothing had been taken yet."""
        for kept in (self.accepted, self.to, self.times, self.contents):
            kept.clear()

    def takes(self, to: str, content: bytes) -> None:
        """It says 250 now."""
        found = _ID.search(content)
        assert found is not None, "a letter without Message-ID"
        name = found[1].decode()
        self.accepted[name] += 1
        self.to[name] = to
        self.times.append(asyncio.get_running_loop().time())
        if self.keeps_contents:
            self.contents[to] = content

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[int]:
        """On loopback, until the block ends; every line is cut then."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: _Line(self), "127.0.0.1", port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self.port
        finally:
            server.close()
            for transport in tuple(self.connections):
                transport.abort()


class _Line(asyncio.Protocol):
    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._rest = b""
        self._in_content = False
        self._to = ""
        self._answers: asyncio.Queue[bytes] = asyncio.Queue()
        self._talking: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._server.connections.add(self._transport)
        self._server.most_connections = max(
            self._server.most_connections, len(self._server.connections)
        )
        if self._server.pause:
            self._talking = asyncio.create_task(self._slowly())
        self._say(b"220 test\r\n")

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.connections.discard(self._transport)
        if self._talking is not None:
            self._talking.cancel()

    def data_received(self, data: bytes) -> None:
        rest = self._rest + data
        while rest:
            mark = _ENDED if self._in_content else b"\r\n"
            if self._in_content and rest.startswith(b".\r\n"):
                rest, self._in_content = rest[3:], False
                self._say(b"554 nothing\r\n")
                continue
            at = rest.find(mark)
            if at < 0:
                break
            piece, rest = rest[:at], rest[at + len(mark) :]
            if self._in_content:
                self._in_content = False
                self._content(piece + b"\r\n")
            else:
                self._command(piece)
        self._rest = rest

    def _command(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb == b"EHLO":
            self._say(b"250-test\r\n250 PIPELINING\r\n")
        elif verb == b"MAIL":
            self._to = ""
            self._say(f"{self._server.says_to_sender}\r\n".encode())
        elif verb == b"RCPT":
            to = _TO.search(line)[1].decode()  # type: ignore[index]
            answer = self._server.says(to) if self._server.says_to_sender[0] == "2" else "503 no"
            self._to = "" if answer and answer != "cut" else to
            self._say(f"{answer}\r\n".encode() if answer and answer != "cut" else b"250 ok\r\n")
        elif verb == b"DATA":
            self._in_content = bool(self._to)
            self._say(b"354 go\r\n" if self._to else b"554 nobody\r\n")
        elif verb == b"QUIT":
            self._say(b"221 bye\r\n")
        else:
            self._say(b"250 ok\r\n")

    def _content(self, content: bytes) -> None:
        if self._server.says(self._to) == "cut":
            self._server.takes(self._to, content)
            self._transport.abort()
            return
        self._server.takes(self._to, content)
        self._say(b"250 2.0.0 ok\r\n")

    def _say(self, answer: bytes) -> None:
        if self._talking is not None:
            self._answers.put_nowait(answer)
        else:
            self._transport.write(answer)

    async def _slowly(self) -> None:
        while True:
            answer = await self._answers.get()
            await asyncio.sleep(self._server.pause)
            self._transport.write(answer)
