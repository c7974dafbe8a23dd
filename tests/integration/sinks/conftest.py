"""A sink of its own for each test, and a receiver for what it tells."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
import pytest_asyncio
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from deploy.local.sinks.behaviour import Behaviour
from deploy.local.sinks.server import config
from deploy.local.sinks.settings import Settings
from shared.web.serving import served
from tests.support.eventually import eventually
from tests.support.ports import free_port

USER, PASSWORD = "safespace", "hemligt"
OURS, THEIRS = "+46701740699", "+46701740684"


@dataclass
class Receiver:
    """Takes callbacks as a service would. `answers` are given first, then 204."""

    url: str = ""
    got: list[dict[str, str]] = field(default_factory=list)
    answers: list[tuple[int, str]] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        self.got.append(dict(parse_qsl((await request.body()).decode(), keep_blank_values=True)))
        status, text = self.answers.pop(0) if self.answers else (204, "")
        return Response(text, status)


@dataclass
class Sink:
    """A running sink."""

    settings: Settings
    server: uvicorn.Server | None = None
    task: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.settings.sms_sink_port}"

    @property
    def smtp_port(self) -> int:
        return self.settings.smtp_sink_port

    async def start(self) -> None:
        server = uvicorn.Server(config(self.settings))
        # Not `serve`: that would take the test run's signals.
        self.server, self.task = server, asyncio.create_task(server._serve())
        await eventually(lambda: server.started)

    async def stop(self) -> None:
        assert self.server is not None
        assert self.task is not None
        self.server.should_exit = True
        await self.task

    async def empty(self) -> None:
        assert self.server is not None
        store, mailbox, mood, callbacks = self.server.config.app.state.kept  # type: ignore[union-attr]
        await callbacks.stop()
        store._all.clear()
        mailbox._all.clear()
        for kept in self.settings.folder().iterdir():
            kept.write_text("")
        mood.now = Behaviour()

    async def behave(self, **behaviour: Any) -> None:
        async with httpx.AsyncClient(timeout=30) as client:
            answer = await client.post(f"{self.url}/sink/behaviour", json=behaviour)
        answer.raise_for_status()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _receiving() -> AsyncIterator[Receiver]:
    taking = Receiver()
    app = Starlette(routes=[Route("/told", taking.take, methods=["POST"])])
    async with served(app) as url:
        taking.url = f"{url}/told"
        yield taking


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _sinking(
    tmp_path_factory: pytest.TempPathFactory, _receiving: Receiver
) -> AsyncIterator[Sink]:
    settings = Settings(
        sms_sink_port=free_port(),
        smtp_sink_port=free_port(),
        elks_user=USER,
        elks_password=SecretStr(PASSWORD),
        sms_from=OURS,
        inbound_url=_receiving.url,
        sinks_folder=tmp_path_factory.mktemp("sinks"),
    )
    running = Sink(settings)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture
def receiver(_receiving: Receiver) -> Receiver:
    _receiving.got, _receiving.answers = [], []
    return _receiving


@pytest_asyncio.fixture(loop_scope="session")
async def sink(_sinking: Sink, receiver: Receiver) -> AsyncIterator[Sink]:
    """One sink for all tests, empty and well-behaved at the start of each."""
    yield _sinking
    await _sinking.empty()


@pytest_asyncio.fixture
async def elks(sink: Sink) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the right name and password, as a service has."""
    async with httpx.AsyncClient(base_url=sink.url, timeout=30, auth=(USER, PASSWORD)) as client:
        yield client


@pytest.fixture
def letter() -> dict[str, str]:
    return {"from": OURS, "to": THEIRS, "message": "Hej på er! åäö"}
