"""A mail server that takes all and keeps nothing, as quick as Python allows; prints its port.

`python -m tests.bench.mail_sink [seconds before each reply] [thinks|away]`. Replies of a connection
come one after the other, as a server's do that thinks about each; or so much later all together, as
from one that is far away. `COUNT` says how many letters it took.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys

import uvloop

_ENDED = b"\r\n.\r\n"
_REPLIES = {b"M": b"250 ok\r\n", b"R": b"250 ok\r\n", b"D": b"354 go\r\n", b"Q": b"221 bye\r\n"}
_HELLO = b"250-sink\r\n250 PIPELINING\r\n"


class Sink(asyncio.Protocol):
    """One connection."""

    taken = 0
    pause = 0.0
    away = False

    def __init__(self) -> None:
        self._rest = b""
        self._in_content = False
        self._free_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        rest = self._rest + data if self._rest else data
        said = []
        while rest:
            if self._in_content:
                end = rest.find(_ENDED)
                if end < 0:
                    break
                rest, self._in_content = rest[end + 5 :], False
                said.append(b"250 2.0.0 ok\r\n")
                Sink.taken += 1
                continue
            line, mark, after = rest.partition(b"\r\n")
            if not mark:
                break
            rest, first = after, line[:1]
            said.append(self._answer(first))
            self._in_content = first == b"D"
        self._rest = rest
        if said:
            self._say(said)

    def _answer(self, first: bytes) -> bytes:
        if first == b"E":
            return _HELLO
        if first == b"C":
            return b"250 %d\r\n" % Sink.taken
        return _REPLIES.get(first, b"500 what\r\n")

    def _say(self, said: list[bytes]) -> None:
        if not Sink.pause:
            self._transport.write(b"".join(said))
            return
        loop = asyncio.get_running_loop()
        if Sink.away:
            loop.call_later(Sink.pause, self._write, b"".join(said))
            return
        for each in said:
            self._free_at = max(self._free_at, loop.time()) + Sink.pause
            loop.call_at(self._free_at, self._write, each)

    def _write(self, said: bytes) -> None:
        if not self._transport.is_closing():
            self._transport.write(said)


async def serve() -> None:
    """Until SIGTERM."""
    Sink.pause = float(sys.argv[1]) if len(sys.argv) > 1 else 0.0
    Sink.away = "away" in sys.argv
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    server = await loop.create_server(Sink, "127.0.0.1", 0)
    os.write(1, f"{server.sockets[0].getsockname()[1]}\n".encode())
    await stop.wait()
    server.close()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(serve())
