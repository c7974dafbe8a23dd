"""The console with a real database and a real sign-in, before four services that are watched."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
import pytest_asyncio
from motor.motor_asyncio import AsyncIOMotorClient
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from deploy.local.identity.server import make_app as make_provider
from deploy.local.identity.settings import Settings as ProviderSettings
from services.web.main import http
from services.web.settings import Settings
from shared.web.serving import served
from tests.support.ports import free_port
from tests.support.servers import RealServers

SECRET = "Kx3mZ0pVQ7rT9yB2nH5wL8cD1fG4jS6aE0uI3oP7qRt"
_HIDDEN = re.compile(r'name="([^"]+)" value="([^"]*)"')
Answered = Callable[[Request], Response | None]


def claims_in(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


@dataclass
class Watched:
    """The four services as one: what reached them, and what they answer."""

    url: str = ""
    got: list[tuple[str, str, str]] = field(default_factory=list)
    """Method, path, and the audience of the token that came along."""
    tokens: list[str] = field(default_factory=list)
    answer: Answered | None = None
    away: frozenset[str] = frozenset()
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def taken(self, request: Request) -> Response:
        service = request.path_params["service"]
        path = "/" + request.path_params["path"]
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        self.tokens.append(token)
        self.got.append((request.method, path, claims_in(token)["aud"] if token else ""))
        if service in self.away:
            return Response(status_code=503)
        if self.answer and (said := self.answer(request)) is not None:
            return said
        if path == "/v1/changes":
            return StreamingResponse(self._changes(request), media_type="text/event-stream")
        return JSONResponse({"items": [], "total": 0, "limit": 20, "offset": 0})

    async def _changes(self, request: Request) -> AsyncIterator[bytes]:
        after = request.headers.get("last-event-id", "0")
        yield f"id: {after}1\nevent: occasion\ndata: {{}}\n\n".encode()
        try:
            await asyncio.sleep(60)
        finally:
            self.let_go.set()


@dataclass
class Desk:
    """The console, what stands around it, and a hand in its database."""

    settings: Settings
    watched: Watched
    provider: str
    database: Any

    @property
    def url(self) -> str:
        return self.settings.front_door

    def browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, timeout=30)

    async def way_in(self, browser: httpx.AsyncClient, to: str = "/console") -> httpx.Response:
        """As far as the provider's page."""
        asked = await browser.get(to)
        assert asked.status_code == 303, asked.text
        at_provider = await browser.get(asked.headers["location"])
        assert at_provider.status_code == 303
        return await browser.get(at_provider.headers["location"])

    async def chosen(self, browser: httpx.AsyncClient, page: httpx.Response, who: str) -> str:
        """Somebody is chosen there: the address that leads back."""
        form = dict(_HIDDEN.findall(page.text.replace("&amp;", "&").split("<ul>")[0]))
        back = await browser.post(
            urljoin(str(page.url), "/authorize"), data={**form, "person": who}
        )
        assert back.status_code == 303, back.text
        return str(back.headers["location"])

    @asynccontextmanager
    async def signed_in(
        self, who: str = "amina.lund", to: str = "/console"
    ) -> AsyncIterator[httpx.AsyncClient]:
        async with self.browser() as browser:
            back = await self.chosen(browser, await self.way_in(browser, to), who)
            answer = await browser.get(back)
            assert answer.status_code == 303, answer.text
            self.watched.got.clear()
            yield browser

    async def is_only_for(self, path: str, may: str, may_not: str, shown: str) -> None:
        """One person sees it, in English too; another is told no, and no service is asked."""
        async with self.signed_in(may) as browser:
            page = await browser.get(f"/console/{path}")
            assert page.status_code == 200, page.text
            assert shown in page.text
            assert page.headers["cache-control"] == "no-store"
            english = httpx.URL(f"/console/{path}").copy_merge_params({"lang": "en"})
            assert (await browser.get(english)).status_code == 200
        async with self.signed_in(may_not) as browser:
            page = await browser.get(f"/console/{path}")
            assert page.status_code == 403
            assert shown not in page.text
            assert self.watched.got == []

    @staticmethod
    def token_in(page: httpx.Response) -> str:
        found = re.search(r'name="kvitto" value="([^"]+)"', page.text)
        assert found is not None, page.text[:500]
        return found[1]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _provider(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    port = free_port()
    settings = ProviderSettings(
        http_port=port,
        identity_folder=tmp_path_factory.mktemp("identity"),
        web_client_secret=SecretStr(SECRET),
    )
    async with served(make_provider(settings), port=port) as url:
        yield url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _desk(servers: RealServers, _provider: str) -> AsyncIterator[Desk]:
    watched, port = Watched(), free_port()
    methods = ["GET", "POST", "PATCH", "PUT", "DELETE"]
    behind = Starlette(routes=[Route("/{service}/{path:path}", watched.taken, methods=methods)])
    async with served(behind) as url:
        mongo_url = servers.mongo_url("web")
        settings = Settings(
            profile="local",
            http_port=port,
            metrics_port=free_port(),
            issuer=_provider,
            audience="web",
            front_door=f"http://127.0.0.1:{port}",
            mongodb_url=SecretStr(mongo_url),
            session_key=SecretStr(base64.b64encode(secrets.token_bytes(32)).decode()),
            client_secret=SecretStr(SECRET),
            callback_secret=SecretStr(SECRET),
            front_door_secret=SecretStr(SECRET),
            booking_url=f"{url}/booking",
            notifications_url=f"{url}/notifications",
            mentoring_url=f"{url}/mentoring",
            publishing_url=f"{url}/publishing",
        )
        client: Any = AsyncIOMotorClient(mongo_url)
        async with served(http(settings), port=port):
            yield Desk(settings, watched, _provider, client.get_default_database())
        client.close()


@pytest_asyncio.fixture(loop_scope="session")
async def desk(_desk: Desk) -> Desk:
    """The console, with what stands around it as at the beginning."""
    fresh = Watched()
    for name in ("got", "tokens", "answer", "away", "let_go"):
        setattr(_desk.watched, name, getattr(fresh, name))
    return _desk
