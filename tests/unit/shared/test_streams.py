"""Server-sent events: resumed, beating while quiet, and let go of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
from fastapi import APIRouter, Request

from shared.kernel.refusal import NotFound
from shared.web.permissions import open_to_all
from shared.web.server_sent import Sent, stream
from shared.web.serving import served
from tests.support.eventually import eventually
from tests.unit.shared.sample_api import client_of, sample_app
from tests.unit.shared.test_rim import app_with


async def test_a_stream_resumes_and_ends() -> None:
    """A listener goes on after what it saw last."""
    async with client_of(sample_app()) as client:
        whole = await client.get("/v1/changes")
        rest = await client.get("/v1/changes", headers={"Last-Event-ID": "2"})
    assert whole.headers["content-type"].startswith("text/event-stream")
    assert [line for line in whole.text.splitlines() if line.startswith("id")] == [
        "id: 1",
        "id: 2",
        "id: 3",
    ]
    assert 'data: {"number":3}' in rest.text
    assert "id: 2" not in rest.text


async def test_a_quiet_stream_beats_and_lets_go() -> None:
    """A quiet stream beats; its source is closed when the listener leaves or the server stops."""
    closed: list[str] = []
    router = APIRouter()

    @router.get("/v1/quiet", dependencies=[open_to_all("to try")])
    async def quiet(request: Request) -> Any:
        async def nothing() -> AsyncIterator[Sent]:
            try:
                await asyncio.Event().wait()
                yield Sent({})
            finally:
                closed.append("closed")

        return stream(request, nothing(), heartbeat=0.02)

    async with httpx.AsyncClient() as client:
        async with served(app_with(router)) as url:
            async with client.stream("GET", f"{url}/v1/quiet") as answer:
                beats = answer.aiter_raw()
                assert b"retry" in await anext(beats)
                assert await anext(beats) == b": \n\n"
            assert await eventually(lambda: len(closed) == 1)
            left = client.stream("GET", f"{url}/v1/quiet")
            await anext((await left.__aenter__()).aiter_raw())
        assert await eventually(lambda: len(closed) == 2)
        await left.__aexit__(None, None, None)


async def test_a_refusal_in_the_middle_is_told_and_ends_the_stream() -> None:
    """What was told stays told; then why nothing more comes, with no place to resume after."""
    router = APIRouter()

    @router.get("/v1/broken", dependencies=[open_to_all("to try")])
    async def broken(request: Request) -> Any:
        async def refused() -> AsyncIterator[Sent]:
            yield Sent({"number": 1}, id="1")
            raise NotFound

        return stream(request, refused())

    async with client_of(app_with(router)) as client:
        told = (await client.get("/v1/broken", headers={"Accept-Language": "en"})).text
    first, last = told.strip().split("\n\n")[1:]
    assert "id: 1" in first
    assert "event: problem" in last
    assert "/problems/not-found" in last
    assert "id:" not in last.replace("event:", "")
