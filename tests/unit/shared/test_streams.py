"""Server-sent events: resumed, beating while quiet, let go of, and no longer than one is let in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, Request

from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.web.permissions import needs, open_to_all
from shared.web.server_sent import QUIET, Sent, formatted, steady, stream
from shared.web.serving import served
from shared.web.signed_in import LEEWAY_SECONDS, TokenVerifier
from tests.support.eventually import eventually
from tests.unit.shared.issuer import an_issuer
from tests.unit.shared.sample_api import client_of, sample_app
from tests.unit.shared.test_rim import app_with, bearer


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


async def test_a_steady_source_is_passed_on_as_it_is() -> None:
    """Byte for byte, with beats while quiet; closed with its listener, and with the server."""
    closed: list[str] = []
    router = APIRouter()
    told = formatted(Sent({"number": 1}, id="1"))

    @router.get("/v1/steady", dependencies=[open_to_all("to try")])
    async def quiet(request: Request) -> Any:
        async def source() -> AsyncGenerator[bytes, None]:
            try:
                yield told
                while True:
                    await asyncio.sleep(0.01)
                    yield QUIET
            finally:
                closed.append("closed")

        return steady(request, source(), heartbeat=0.03)

    async with httpx.AsyncClient() as client:
        async with served(app_with(router)) as url:
            async with client.stream("GET", f"{url}/v1/steady") as answer:
                got = b""
                async for part in answer.aiter_raw():
                    got += part
                    if got.endswith(b": \n\n"):
                        break
                assert got == b"retry: 2000\n\n" + told + b": \n\n"
            assert await eventually(lambda: len(closed) == 1)
            left = client.stream("GET", f"{url}/v1/steady")
            await anext((await left.__aenter__()).aiter_raw())
        assert await eventually(lambda: len(closed) == 2)
        await left.__aexit__(None, None, None)


async def test_a_refusal_of_a_steady_source_is_told() -> None:
    """And ends it, as it ends any other."""
    router = APIRouter()

    @router.get("/v1/broken", dependencies=[open_to_all("to try")])
    async def broken(request: Request) -> Any:
        async def refused() -> AsyncGenerator[bytes, None]:
            yield formatted(Sent({"number": 1}, id="1"))
            raise NotFound

        return steady(request, refused())

    async with client_of(app_with(router)) as client:
        told = (await client.get("/v1/broken", headers={"Accept-Language": "en"})).text
    first, last = told.strip().split("\n\n")[1:]
    assert "id: 1" in first
    assert last.startswith("event: problem")
    assert "/problems/not-found" in last


async def test_a_stream_ends_with_its_listeners_token() -> None:
    """Signed out, by whatever took the token or a role from it: nothing more is told, and why."""
    later, told = asyncio.Event(), asyncio.Event()
    ahead = 0.0
    router = APIRouter()

    @router.get("/v1/mine")
    async def mine(request: Request, by: Annotated[Actor, needs("bookings.read")]) -> Any:
        async def some() -> AsyncIterator[Sent]:
            yield Sent({"to": by.username}, id="1")
            told.set()
            await later.wait()
            yield Sent({"to": "nobody"}, id="2")

        return stream(request, some(), heartbeat=0.02)

    async with an_issuer() as issuer:
        verifier = TokenVerifier(issuer.url, "booking", now=lambda: time.time() + ahead)
        headers = {**bearer(issuer.token()), "Accept-Language": "en"}
        async with client_of(app_with(router, verifier=verifier)) as client:
            asked = asyncio.ensure_future(client.get("/v1/mine", headers=headers))
            await told.wait()
            ahead = 300.0 + LEEWAY_SECONDS
            later.set()
            text = (await asked).text
            assert (await client.get("/v1/mine", headers=headers)).status_code == 401
    assert '"to":"leyla.sjo"' in text
    assert "nobody" not in text
    assert text.strip().rpartition("\n\n")[2].startswith("event: problem")
    assert "/problems/not-signed-in" in text


async def test_a_quiet_stream_ends_with_the_token_too() -> None:
    """Nothing needs to happen for it: the token ends, and the stream with it, between two beats."""
    router = APIRouter()

    @router.get("/v1/quiet", dependencies=[needs("bookings.read")])
    async def quiet(request: Request) -> Any:
        async def nothing() -> AsyncIterator[Sent]:
            await asyncio.Event().wait()
            yield Sent({})

        return stream(request, nothing(), heartbeat=3600.0)

    async with an_issuer() as issuer:
        verifier = TokenVerifier(issuer.url, "booking")
        token = issuer.token(exp=time.time() - LEEWAY_SECONDS + 1.0)
        async with client_of(app_with(router, verifier=verifier)) as client, asyncio.timeout(60):
            answer = await client.get("/v1/quiet", headers=bearer(token))
    assert "/problems/not-signed-in" in answer.text


async def test_what_a_slow_listener_has_no_room_for_is_not_asked_for() -> None:
    """The next event is decided on when it can leave, not while an earlier one still waits to."""
    asked: list[int] = []
    router, room, stuck = APIRouter(), asyncio.Event(), asyncio.Event()

    @router.get("/v1/many", dependencies=[open_to_all("to try")])
    async def many(request: Request) -> Any:
        async def numbers() -> AsyncIterator[Sent]:
            for number in (1, 2):
                asked.append(number)
                yield Sent({"number": number})

        return stream(request, numbers())

    async def send(message: Any) -> None:
        if asked and message.get("more_body") and not message["body"]:
            stuck.set()
            await room.wait()

    async def receive() -> Any:
        await asyncio.Event().wait()

    asking = asyncio.ensure_future(app_with(router)(_get("/v1/many"), receive, send))
    await asyncio.wait_for(stuck.wait(), 30)
    for _ in range(50):
        await asyncio.sleep(0)
    assert asked == [1]
    room.set()
    await asyncio.wait_for(asking, 30)
    assert asked == [1, 2]


def _get(path: str) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [],
        "client": ("127.0.0.1", 1),
        "server": ("rim", 80),
    }
