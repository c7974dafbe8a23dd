"""The `safespace` command as a script runs it, before a copy whose answers a test decides."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from deploy.local.data_folder import data_folder, write_json
from shared.web.serving import served

COMMAND = Path(sys.executable).parent / "safespace"
Line = dict[str, Any]


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> Any:
        return json.loads(self.out)


async def start(folder: Path, *words: str, cwd: Path | None = None) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        COMMAND,
        *words,
        cwd=cwd or folder,
        env={**os.environ, "SAFESPACE_DATA": str(folder), "NO_COLOR": "1"},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        # A script's background job is deaf to Ctrl-C, and hands that on.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


async def ended(process: asyncio.subprocess.Process) -> Done:
    out, err = await asyncio.wait_for(process.communicate(), 90)
    return Done(process.returncode or 0, out.decode(), err.decode())


@dataclass
class Desk:
    """A copy that answers what it was told to. An import waits before its last line if asked."""

    folder: Path
    lines: list[Line] = field(default_factory=list)
    waits: bool = False
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    got: list[tuple[str, str, bytes]] = field(default_factory=list)

    async def run(self, *words: str) -> Done:
        return await ended(await start(self.folder, *words))

    async def token(self, _: Request) -> Response:
        return JSONResponse({"access_token": "a.b.c"})

    async def bookings(self, request: Request) -> Response:
        """One booking in the state that was asked for."""
        state = request.query_params["state"]
        party = {"school": "Gunnesboskolan", "class_name": "8B"}
        item = {"id": "b1", "state": state, "size": 29, "party": party}
        return JSONResponse({"items": [item], "total": 1, "limit": 100, "offset": 0})

    async def take(self, request: Request) -> Response:
        self.got.append((request.method, str(request.url.query), await request.body()))
        return StreamingResponse(self._answered(), media_type="application/x-ndjson")

    async def _answered(self) -> AsyncIterator[bytes]:
        try:
            for line in self.lines:
                yield json.dumps(line).encode() + b"\n"
            self.asked.set()
            if self.waits:
                await asyncio.sleep(60)
        finally:
            self.left.set()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    told = Desk(tmp_path)
    app = Starlette(
        routes=[
            Route("/token", told.token, methods=["POST"]),
            Route("/v1/bookings", told.bookings),
            Route("/v1/{kind}-imports", told.take, methods=["POST"]),
            Route("/health/ready", lambda _: JSONResponse({"ready": True})),
        ]
    )
    async with served(app) as url:
        write_json(
            data_folder(tmp_path).copy,
            {
                "ready": True,
                "front_door": url,
                "services": {"booking": url, "notifications": url, "web": url},
                "web_health": url,
                "workers": {},
                "sms_sink": url,
                "smtp_sink": "127.0.0.1:1",
                "identity": url,
                "mongodb": {"port": 1},
                "amqp": {"watcher_url": "amqp://watcher:hemligt@127.0.0.1:1/safespace"},
                "pids": {},
            },
        )
        yield told
