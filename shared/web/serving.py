"""Running an app on uvicorn: our own log, proxies' headers ignored, and an orderly stop."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from shared.kernel import memory
from shared.web.settings import WebSettings

STOP_SECONDS = 3
"""How long requests under way may take to end; streams are cut then."""


def serve(app: ASGIApp, settings: WebSettings) -> None:
    """Serve until SIGINT or SIGTERM. Blocks; call `logging.set_up` before."""
    memory.started()
    _Server(_config(app, settings.http_host, settings.http_port)).run()


@asynccontextmanager
async def served(app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Serve beside other work in the running loop; gives the base URL. Leaves signals alone.

    Port 0 takes a free one.
    """
    listening = _listening(host, port)
    server = _BesideOthers(_config(app, host, port))
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        while not server.started:
            if running.done():
                await running
                raise RuntimeError("the app did not start")
            await asyncio.sleep(0.01)
        yield f"http://{host}:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await running
        listening.close()


def _listening(host: str, port: int) -> socket.socket:
    """Made for TCP by name: asyncio sets TCP_NODELAY only then, and answers take 40 ms without."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((host, port))
    made.listen(2048)
    return made


class _Server(uvicorn.Server):
    """A server that tells the app's streams when it is about to stop, so that they end."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        state = getattr(self.config.app, "state", None)
        stopping = getattr(state, "stopping", None)
        if isinstance(stopping, asyncio.Event):
            stopping.set()
        await super().shutdown(sockets)


class _BesideOthers(_Server):
    """A server that leaves the process's signals to whoever runs it."""

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        await self._serve(sockets)


def _config(app: ASGIApp, host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=2048,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=STOP_SECONDS,
    )
