"""One kept connection to a mail server: greeting, TLS, signing in, then the dialogue."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

from services.publishing.mailing.dialogue import Dialogue, Intend, Take, Told
from services.publishing.mailing.replies import NotAMailServer, Replies, Reply
from services.publishing.mailing.turns import OneByOne, Together

GREETING_SECONDS = 60.0
_PERMANENT = 5
SILENCE_SECONDS = 600.0
"""RFC 5321 §4.5.3.2.6: a server may think for ten minutes about a message."""


class ServerUnfit(ConnectionError):
    """It cannot be reached, does not greet us, or lacks what is needed; `why` names a step."""

    def __init__(self, why: str, code: int | None = None) -> None:
        super().__init__(why if code is None else f"{why}: {code}")
        self.why, self.code = why, code


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where and how. With `tls`, a server without STARTTLS or a right certificate is refused."""

    host: str
    port: int
    own_name: str
    tls: ssl.SSLContext | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    silence: float = SILENCE_SECONDS


class Connection(asyncio.Protocol):
    """Made by `connect`. `on_gone` is called once, after everybody on it was told of."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._replies = Replies()
        self._waiting: asyncio.Future[Reply] | None = None
        self._early: list[Reply] = []
        self._dialogue: Dialogue | None = None
        self._on_gone: Callable[[], None] | None = None
        self._heard_at = 0.0
        self._watch: asyncio.TimerHandle | None = None
        self._closing = False
        self._pipelining = False

    def begin(
        self, take: Take, told: Told, on_gone: Callable[[], None], intend: Intend | None = None
    ) -> None:
        """Start to take letters. See `Dialogue`."""
        if self._transport is None or self._transport.is_closing():
            raise ServerUnfit("gone")
        self._on_gone = on_gone
        turns = Together if self._pipelining else OneByOne
        self._dialogue = Dialogue(
            turns(self._transport.write),
            lambda: None if self._closing else take(),
            told,
            intend,
        )
        self._heard_at = self._loop.time()
        self._watch = self._loop.call_later(self._server.silence, self._look)
        self.wake()

    def wake(self) -> None:
        """There may be letters to take again."""
        if self._dialogue is not None and not self._closing:
            self._dialogue.wake()

    def stop(self) -> None:
        """Take nothing more; say goodbye when everything on the way is answered."""
        self._closing = True
        if self._dialogue is None or self._dialogue.quiet:
            self._goodbye()

    def abort(self) -> None:
        """Break the line at once: who is on it is told of as lost."""
        if self._transport is not None:
            self._transport.abort()

    @property
    def taking(self) -> bool:
        """Whether it is neither stopping nor broken."""
        return not (self._closing or self._dialogue is None or self._dialogue.over)

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The line is there, or there again after STARTTLS."""
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Bytes from the server."""
        try:
            if self._dialogue is None:
                self._greeted(data)
                return
            self._heard_at = self._loop.time()
            self._dialogue.heard(data)
        except NotAMailServer:
            self.abort()
            return
        if self._dialogue.over or (self._closing and self._dialogue.quiet):
            self._goodbye()

    def connection_lost(self, exc: Exception | None) -> None:
        """The line is gone, by our wish or not."""
        del exc
        if self._watch is not None:
            self._watch.cancel()
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ServerUnfit("gone"))
        if self._dialogue is not None:
            self._dialogue.lost()
        on_gone, self._on_gone = self._on_gone, None
        if on_gone is not None:
            on_gone()

    async def prepare(self) -> None:
        """Everything before the first letter.

        Raises:
            ServerUnfit: no greeting, no TLS where it is wanted, or not let in.
        """
        await self._expect("greeting", 220)
        offered = await self._hello()
        if self._server.tls is not None:
            if b"STARTTLS" not in offered:
                raise ServerUnfit("starttls-missing")
            await self._ask("starttls", b"STARTTLS", 220)
            self._early.clear()  # Nothing said before the change is believed after it.
            self._transport = await self._loop.start_tls(
                self._wire(), self, self._server.tls, server_hostname=self._server.host
            )
            offered = await self._hello()
        if self._server.username is not None:
            said = f"\0{self._server.username}\0{self._server.password or ''}".encode()
            await self._ask("sign-in", b"AUTH PLAIN " + base64.b64encode(said), 235)
        self._pipelining = b"PIPELINING" in offered

    async def _hello(self) -> frozenset[bytes]:
        own_name = self._server.own_name.encode("ascii")
        try:
            reply = await self._ask("hello", b"EHLO " + own_name, 250)
        except ServerUnfit as error:
            if error.code is None or error.code // 100 != _PERMANENT:
                raise
            # RFC 5321 §3.2: a server that does not know EHLO is greeted as one of old.
            await self._ask("hello", b"HELO " + own_name, 250)
            return frozenset()
        return frozenset(line.split(b" ")[0].upper() for line in reply.lines[1:])

    async def _ask(self, why: str, command: bytes, wanted: int) -> Reply:
        self._wire().write(command + b"\r\n")
        return await self._expect(why, wanted)

    async def _expect(self, why: str, wanted: int) -> Reply:
        if self._early:
            reply = self._early.pop(0)
        else:
            self._waiting = self._loop.create_future()
            reply = await self._waiting
        if reply.code != wanted:
            raise ServerUnfit(why, reply.code)
        return reply

    def _greeted(self, data: bytes) -> None:
        for reply in self._replies.feed(data):
            if self._waiting is not None and not self._waiting.done():
                self._waiting.set_result(reply)
            else:
                self._early.append(reply)

    def _look(self) -> None:
        """A server that is silent too long while we wait is gone, whatever its line says."""
        if self._dialogue is None:
            return
        left = self._heard_at + self._server.silence - self._loop.time()
        if left <= 0 and not self._dialogue.quiet:
            self.abort()
            return
        self._watch = self._loop.call_later(max(left, self._server.silence / 4), self._look)

    def _wire(self) -> asyncio.Transport:
        if self._transport is None or self._transport.is_closing():
            raise ServerUnfit("gone")
        return self._transport

    def _goodbye(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(b"QUIT\r\n")
            self._transport.close()


async def connect(server: MailServer) -> Connection:
    """A connection that is ready for letters.

    Raises:
        ServerUnfit: it did not come to that within a minute; the cause names the step.
    """
    made: Connection | None = None
    try:
        async with asyncio.timeout(GREETING_SECONDS):
            loop = asyncio.get_running_loop()
            _, made = await loop.create_connection(
                lambda: Connection(server), server.host, server.port
            )
            await made.prepare()
            return made
    except BaseException as error:
        if made is not None:
            made.abort()
        if isinstance(error, ServerUnfit):
            raise
        if isinstance(error, OSError | TimeoutError):
            raise ServerUnfit(type(error).__name__) from None
        raise
