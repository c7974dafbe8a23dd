"""The front door with a real database, before two services that record what reaches them."""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest_asyncio
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from services.web.main import http
from services.web.settings import Settings
from shared.web.serving import served
from tests.support.ports import free_port
from tests.support.servers import RealServers

# Of the shape of real ones, and the same in each process that shares the work of a test run.
LINK = "sbG9tIDGHQdTANm_99nLac8xaV6gSOR4-srfQm6ND7A"
STRANGER = "ispPNndPgqZ8UHy5yWZ5SC4sx2fy04UCJpVXpWawkvs"
FRONT_DOOR = "kq0c2Vw0b4m7lXo3Jr1ZrT9s5yN6uEhA8dPfGiBvWxQ"
CALLBACK = "8ledl2k0x4iHhYQtjlpIoUBFMiLl28pQ1aEibNY6jcc"


def a_booking(**changed: Any) -> dict[str, Any]:
    return {
        "id": "01990000-0000-7000-8000-000000000001",
        "party": {"kind": "group", "pupils": 26, "adults": 2},
        "size": 28,
        "state": "confirmed",
        "position": None,
        "flags": [],
        "offer": None,
        "version": 3,
        "occasion": {
            "title": "Källkritik och konspirationer",
            "kind": "workshop",
            "starts_at": "2027-01-28T08:00:00Z",
            "ends_at": "2027-01-28T09:30:00Z",
            "zone": "Europe/Stockholm",
            "room": "Sal 2, Flamman",
            "cancelled": False,
        },
        **changed,
    }


OCCASION = "01990000-0000-7000-8000-00000000000a"


def an_entry(**changed: Any) -> dict[str, Any]:
    """An occasion in the programme."""
    return {
        "id": OCCASION,
        "activity_id": "01990000-0000-7000-8000-00000000000b",
        "title": "Källkritik och konspirationer",
        "kind": "workshop",
        "description": "Hur man prövar det man läser.",
        "target_group": "skolklass",
        "starts_at": "2027-01-28T08:00:00Z",
        "ends_at": "2027-01-28T09:30:00Z",
        "zone": "Europe/Stockholm",
        "room": "Sal 2, Flamman",
        "capacity": 32,
        "free": 4,
        "waiting": 0,
        "cancelled": False,
        "has_started": False,
        **changed,
    }


def an_offer() -> dict[str, Any]:
    deadline = {"id": "01990000-0000-7000-8000-000000000002", "deadline": "2027-01-20T14:00:00Z"}
    return a_booking(state="offered", offer=deadline)


@dataclass
class Behind:
    """What stands behind the door: answers for booking and notifications."""

    url: str = ""
    booking: dict[str, Any] = field(default_factory=a_booking)
    got: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    refuse: tuple[int, str] | None = None
    refuse_as: str = "some-rule"
    letters: list[dict[str, Any]] = field(default_factory=list)
    programme: list[dict[str, Any]] = field(default_factory=lambda: [an_entry()])
    asked: list[str] = field(default_factory=list)
    away: bool = False
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: Request) -> Response:
        path = request.url.path
        self.got.append((request.method, path))
        self.headers.append(dict(request.headers))
        if request.headers.get("link-secret") == STRANGER:
            return JSONResponse({"type": "x/not-found"}, 404)
        if path.endswith("/stream"):
            return StreamingResponse(self._slowly(), media_type="text/event-stream")
        if request.method != "GET":
            self.bodies.append(await request.body())
            if self.refuse:
                said = {"type": f"https://x.example/{self.refuse_as}", "detail": self.refuse[1]}
                return JSONResponse(said, self.refuse[0])
        if path == "/v1/my-booking":
            return JSONResponse(self.booking, headers={"ETag": '"3"', "Set-Cookie": "x=1"})
        if path == "/v1/bookings":
            return JSONResponse(
                {"id": "x", "state": self.booking["state"], "link_secret": LINK}, 201
            )
        if path.startswith(("/v1/programme", "/v1/schools")):
            return self._openly(path, str(request.url.query))
        if path == "/v1/my-inbox":
            return JSONResponse(
                {"items": self.letters, "total": len(self.letters), "stream_from": "7"}
            )
        return JSONResponse({"ok": True})

    def _openly(self, path: str, query: str) -> Response:
        self.asked.append(query)
        if self.away:
            return JSONResponse({"type": "x/unavailable"}, 503)
        if path == "/v1/schools":
            return JSONResponse({"schools": ["Rosengårdsskolan"]})
        if path == "/v1/programme/choices":
            found = self.programme
            return JSONResponse(
                {
                    "kinds": sorted({each["kind"] for each in found}),
                    "target_groups": sorted({each["target_group"] for each in found}),
                    "rooms": sorted({each["room"] for each in found}),
                }
            )
        if path == "/v1/programme":
            return JSONResponse({"items": self.programme[:20], "total": len(self.programme)})
        one = [each for each in self.programme if path.endswith(each["id"])]
        return JSONResponse(one[0]) if one else JSONResponse({"type": "x/not-found"}, 404)

    async def upload(self, request: Request) -> Response:
        """Takes the pieces as they come; answers a line, and another one when it is let go on."""
        async for piece in request.stream():
            self.bodies.append(piece)

        async def lines() -> AsyncIterator[bytes]:
            yield json.dumps({"read": sum(map(len, self.bodies))}).encode() + b"\n"
            await asyncio.wait_for(self.go_on.wait(), 30)
            yield b'{"report": {}}\n'

        return StreamingResponse(lines(), media_type="application/x-ndjson")

    async def _slowly(self) -> AsyncIterator[bytes]:
        try:
            yield b"id: 1\ndata: {}\n\n"
            await asyncio.sleep(60)
        except (asyncio.CancelledError, GeneratorExit, ClientDisconnect):
            self.gone.set()
            raise


@dataclass
class Front:
    """The door, and what stands behind it."""

    settings: Settings
    behind: Behind

    @property
    def url(self) -> str:
        return self.settings.front_door

    @property
    def health(self) -> str:
        return f"http://{self.settings.http_host}:{self.settings.metrics_port}"

    def client(self, **more: Any) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, timeout=30, **more)

    @asynccontextmanager
    async def inside(self) -> AsyncIterator[httpx.AsyncClient]:
        """A browser that has opened its link."""
        async with self.client() as client:
            await client.get(f"/m/{LINK}")
            self.behind.got.clear()
            yield client


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _behind() -> AsyncIterator[Behind]:
    behind = Behind()
    app = Starlette(
        routes=[
            Route("/v1/season-imports", behind.upload, methods=["POST"]),
            Route("/{path:path}", behind.answer, methods=["GET", "POST", "PATCH", "DELETE"]),
        ]
    )
    async with served(app) as url:
        behind.url = url
        yield behind


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _front(servers: RealServers, _behind: Behind) -> AsyncIterator[Front]:
    port = free_port()
    settings = Settings(
        profile="local",
        http_port=port,
        metrics_port=free_port(),
        issuer="http://127.0.0.1:1",
        audience="web",
        front_door=f"http://127.0.0.1:{port}",
        mongodb_url=SecretStr(servers.mongo_url("web")),
        session_key=SecretStr(base64.b64encode(secrets.token_bytes(32)).decode()),
        client_secret=SecretStr(CALLBACK),
        callback_secret=SecretStr(CALLBACK),
        front_door_secret=SecretStr(FRONT_DOOR),
        booking_url=_behind.url,
        notifications_url=_behind.url,
        mentoring_url=_behind.url,
    )
    async with served(http(settings), port=port):
        yield Front(settings, _behind)


@pytest_asyncio.fixture(loop_scope="session")
async def front(_front: Front) -> Front:
    """The door, with what stands behind it as at the beginning."""
    fresh = Behind(url=_front.behind.url)
    for name in fresh.__dataclass_fields__:
        setattr(_front.behind, name, getattr(fresh, name))
    return _front
