"""A line to the database that can stop answering without breaking."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Line:
    """`flows` is set while anything gets through."""

    url: str
    flows: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[Line]:
    """The same database through a line of ours."""
    parts = urlsplit(url)
    assert parts.hostname is not None
    credentials = parts.netloc.rpartition("@")[0]
    line = Line("")
    tasks: set[asyncio.Task[None]] = set()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                await line.flows.wait()
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def opened(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(parts.hostname, parts.port)
        for ends in ((reader, back), (there, writer)):
            task = asyncio.create_task(carry(*ends))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(opened, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    # Directly: the members' own addresses would lead past the line.
    line.url = (
        f"mongodb://{credentials}@127.0.0.1:{port}{parts.path}"
        "?authSource=admin&directConnection=true"
    )
    line.flows.set()
    try:
        yield line
    finally:
        line.flows.set()
        for task in tuple(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        server.close()
