"""A line to the broker that can stop letting anything through, without breaking."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from yarl import URL


@dataclass
class Gate:
    """Between us and the broker: lets everything through, or nothing."""

    to: URL
    port: int = 0
    passages: int = 0
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def let_through(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.passages += 1
        theirs, ours = await asyncio.open_connection(self.to.host, self.to.port)
        await asyncio.gather(self._pass(reader, ours), self._pass(theirs, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while some := await reader.read(65_536):
            await self.open.wait()
            writer.write(some)
        writer.close()


@asynccontextmanager
async def gate_to(url: str) -> AsyncIterator[Gate]:
    gate = Gate(URL(url))
    gate.open.set()
    server = await asyncio.start_server(gate.let_through, "127.0.0.1", 0)
    gate.port = server.sockets[0].getsockname()[1]
    try:
        yield gate
    finally:
        gate.open.set()
        server.close()
