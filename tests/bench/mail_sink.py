"""A mail server that takes all and keeps nothing, as quick as Python allows; prints its port."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal

import uvloop

_ENDED = b"\r\n.\r\n"
_REPLIES = {b"M": b"250 ok\r\n", b"R": b"250 ok\r\n", b"D": b"354 go\r\n", b"Q": b"221 bye\r\n"}
_HELLO = b"250-sink\r\n250 PIPELINING\r\n"


class Sink(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        self._rest = b""
        self._in_content = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        self._transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        rest = self._rest + data if self._rest else data
        said = b""
        while rest:
            if self._in_content:
                end = rest.find(_ENDED)
                if end < 0:
                    break
                rest, self._in_content, said = rest[end + 5 :], False, said + b"250 2.0.0 ok\r\n"
                continue
            line, mark, after = rest.partition(b"\r\n")
            if not mark:
                break
            rest, first = after, line[:1]
            said += _HELLO if first == b"E" else _REPLIES.get(first, b"500 what\r\n")
            self._in_content = first == b"D"
        self._rest = rest
        if said:
            self._transport.write(said)


async def serve() -> None:
    """Until SIGTERM."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    server = await loop.create_server(Sink, "127.0.0.1", 0)
    os.write(1, f"{server.sockets[0].getsockname()[1]}\n".encode())
    await stop.wait()
    server.close()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(serve())
