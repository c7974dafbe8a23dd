"""Partners of the bench, in a process of their own: receivers of webhooks, streams, long pollers.

It is told what to do line by line on its input, in JSON, and answers each line with one. All are on
bare sockets: what is measured is our side. Times are nanoseconds on the machine's monotonic clock.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any, Literal

import uvloop

from shared.kernel import memory

Mood = Literal["well", "hangs", "slow", "dead"]
SLOW = 1.0
"""Seconds that a slow receiver takes for each answer."""

_OK = b"HTTP/1.1 204 No Content\r\n\r\n"


@dataclass
class Partners:
    """Everybody. `arrivals`: door → [who, event id, when]."""

    arrivals: dict[str, list[tuple[str, str, int]]] = field(default_factory=dict)
    mood: Mood = "well"
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    odd: asyncio.Server | None = None
    odd_port: int = 0

    def came(self, door: str, who: str, event_id: str) -> None:
        """Now."""
        self.arrivals.setdefault(door, []).append((who, event_id, time.monotonic_ns()))

    async def listen(self) -> dict[str, int]:
        """The receivers' two ports: everybody's, and that of the one whose mood changes."""
        server = await asyncio.start_server(self._well, "127.0.0.1", 0)
        port: int = server.sockets[0].getsockname()[1]
        self.odd = await asyncio.start_server(self._odd, "127.0.0.1", 0)
        self.odd_port = self.odd.sockets[0].getsockname()[1]
        return {"port": port, "odd_port": self.odd_port}

    async def feels(self, mood: Mood) -> None:
        """From now on the odd one is like this; `dead`: nobody is at its port."""
        self.mood = mood
        if mood == "dead" and self.odd is not None:
            self.odd.close()
            self.odd = None
        elif mood != "dead" and self.odd is None:
            self.odd = await asyncio.start_server(self._odd, "127.0.0.1", self.odd_port)

    async def _well(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._serve(reader, writer, "webhook")

    async def _odd(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._serve(reader, writer, "odd webhook")

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, door: str
    ) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(_length(head))
                if door == "odd webhook" and self.mood != "well":
                    await asyncio.sleep(SLOW if self.mood == "slow" else 3600)
                who = head.split(b" ", 2)[1].decode()
                self.came(door, who, _header(head, b"webhook-id"))
                writer.write(_OK)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    def read(self, base: str, keys: list[str], last: str, streams: int, pollers: int) -> None:
        """So many come, partners of these keys in turn; `last` is what they have read already."""
        for n in range(streams):
            one = self._stream(base, keys[n % len(keys)], str(n), last)
            self.tasks.append(asyncio.create_task(one))
        for n in range(pollers):
            one = self._poll(base, keys[n % len(keys)], str(n), last)
            self.tasks.append(asyncio.create_task(one))

    async def _stream(self, base: str, key: str, who: str, last: str) -> None:
        reader, writer = await _open(base)
        _ask(writer, key, "/v1/feed/stream", f"Last-Event-ID: {last}\r\n")
        while line := await reader.readline():
            if line.startswith(b"id: "):
                self.came("stream", who, line[4:].decode().strip())

    async def _poll(self, base: str, key: str, who: str, last: str) -> None:
        reader, writer = await _open(base)
        while True:
            _ask(writer, key, f"/v1/feed?timeout=30000&limit=1000&lastEventId={last}")
            body = await reader.readexactly(_length(await reader.readuntil(b"\r\n\r\n")))
            for event in json.loads(body):
                last = event["id"]
                self.came("long poll", who, last)


async def _open(base: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    host, port = base.removeprefix("http://").split(":")
    return await asyncio.open_connection(host, int(port), limit=2**22)


def _ask(writer: asyncio.StreamWriter, key: str, path: str, more: str = "") -> None:
    head = f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n{more}\r\n"
    writer.write(head.encode())


def _header(head: bytes, name: bytes) -> str:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(name + b":"):
            return line.partition(b":")[2].strip().decode()
    return ""


def _length(head: bytes) -> int:
    return int(_header(head, b"content-length") or 0)


async def obey(partners: Partners, order: dict[str, Any]) -> object:
    """Do one thing."""
    match order:
        case {"do": "listen"}:
            return await partners.listen()
        case {"do": "feel", "mood": mood}:
            await partners.feels(mood)
        case {"do": "read", **what}:
            partners.read(**what)
        case {"do": "count"}:
            return {door: len(came) for door, came in partners.arrivals.items()}
        case {"do": "tell"}:
            told, partners.arrivals = partners.arrivals, {}
            return told
    return None


async def main() -> None:
    """Until the input ends."""
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    partners = Partners()
    while line := await lines.readline():
        print(json.dumps(await obey(partners, json.loads(line))), flush=True)


if __name__ == "__main__":
    memory.started()
    uvloop.run(main())
