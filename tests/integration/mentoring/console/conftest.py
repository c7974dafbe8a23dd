"""Mentoring's pages before the real mentoring: what somebody sees is what its policy lets them."""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any

import httpx
import pytest
import pytest_asyncio
from pydantic import SecretStr

from services.web.main import http
from services.web.settings import Settings
from services.web.storage.staff_sessions import Person, StaffSessions, Tokens
from shared.kernel.clock import real_now
from shared.web.serving import served
from tests.integration.mentoring.conftest import _Served
from tests.integration.mentoring.world import ROLES, World
from tests.support.ports import free_port
from tests.support.servers import RealServers
from tests.unit.shared.issuer import Issuer

CANARY = "Kanariefågel Hemligsson"
"""The name of somebody: it stands nowhere but behind the press that shows it."""
_SECRET = "Kx3mZ0pVQ7rT9yB2nH5wL8cD1fG4jS6aE0uI3oP7qRt"
_FORM = re.compile(r"<form[^>]*?>.*?</form>", re.DOTALL)
_INPUT = re.compile(r'<input[^>]*type="hidden" name="([^"]+)" value="([^"]*)"')


@dataclass(frozen=True)
class Console:
    """Web, and the way in without an identity provider."""

    settings: Settings
    sessions: StaffSessions


@dataclass(frozen=True)
class Desk:
    """The pages, and the mentoring behind them."""

    console: Console
    world: World

    @asynccontextmanager
    async def signed_in(
        self, who: str, *, proved: timedelta = timedelta(), told: timedelta | None = None
    ) -> AsyncIterator[Browser]:
        """A browser of one of the demo people, who proved so long ago that they are that.

        `told` is what mentoring's token says of it, when that is something else.
        """
        proved_at = real_now() - proved
        door, sessions = self.console.settings.front_door, self.console.sessions
        until = real_now() + timedelta(hours=1)
        person = Person(f"sub-{who}", who, who, frozenset({ROLES[who]}))
        cookie = await sessions.open(person, Tokens("a", "r", until, proved_at), "")
        session = await sessions.find(cookie)
        assert session is not None
        token = self.world.as_(who, told or proved)["Authorization"].removeprefix("Bearer ")
        await sessions.keep_token(session, "mentoring", token, until)
        cookies = {f"personal-{door.rpartition(':')[2]}": cookie}
        async with httpx.AsyncClient(base_url=door, timeout=30, cookies=cookies) as client:
            yield Browser(client)

    def passes(self, time: timedelta = timedelta()) -> None:
        """Mentoring's clock goes on, and web's is the same."""
        self.world.clock.advance(time)
        offset = (self.world.clock.now() - real_now()).total_seconds()
        clock_file = self.console.settings.clock_file
        assert clock_file is not None
        clock_file.write_text(json.dumps({"offset_seconds": offset}))

    async def a_case(self, lead: str = "karin.holm", **more: Any) -> str:
        """A case of somebody whose name must not be seen."""
        return await self.world.a_case(lead, identity={"name": CANARY}, **more)

    async def a_planned_case(self) -> str:
        """One in planning."""
        case_id = await self.a_case()
        step = {"step": "begin-assessment"}
        await self.world.change("karin.holm", "POST", case_id, "/steps", json=step)
        stored = self.world.house.ground.database["cases"]
        await stored.update_one({"_id": case_id}, {"$set": {"phase": "planning"}})
        return case_id


@dataclass(frozen=True)
class Browser:
    """Somebody's browser: opens pages, and sends the forms that stand in them."""

    client: httpx.AsyncClient

    async def opens(self, path: str, status: int = 200) -> str:
        """A page's html, never to be kept."""
        answer = await self.client.get(path)
        assert answer.status_code == status, (answer.status_code, answer.text[-2000:])
        assert answer.headers["cache-control"] == "no-store"
        return answer.text

    async def sends(
        self, page: str, action: str, fields: dict[str, Any], *, holding: str = ""
    ) -> httpx.Response:
        """The first form of a page with this action that holds the words, as a browser would."""
        hidden = next(
            _INPUT.findall(form)
            for form in _FORM.findall(page)
            if f'action="{action}"' in form and holding in form
        )
        known = {name: unescape(value) for name, value in hidden}
        answer = await self.client.post(action, data={**known, **fields})
        if "Ja, det menar jag" in answer.text:  # it asks first, whatever cannot be undone
            return await self.sends(answer.text, action, {}, holding="Ja, det menar jag")
        return answer


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _console(
    servers: RealServers,
    _served: _Served,
    issuer: Issuer,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Console]:
    port = free_port()
    settings = Settings(
        profile="local",
        http_port=port,
        metrics_port=free_port(),
        clock_file=tmp_path_factory.mktemp("clock") / "clock.json",
        issuer=issuer.url,
        audience="web",
        front_door=f"http://127.0.0.1:{port}",
        mongodb_url=SecretStr(servers.mongo_url("web")),
        session_key=SecretStr(base64.b64encode(secrets.token_bytes(32)).decode()),
        client_secret=SecretStr(_SECRET),
        callback_secret=SecretStr(_SECRET),
        front_door_secret=SecretStr(_SECRET),
        booking_url="http://127.0.0.1:1",
        notifications_url="http://127.0.0.1:1",
        mentoring_url=str(_served.client.base_url),
    )
    app = http(settings)
    async with served(app, port=port):
        yield Console(settings, app.state.staff_door.sessions)


@pytest_asyncio.fixture(loop_scope="session")
async def desk(_console: Console, world: World) -> Desk:
    """The pages, with nothing behind them yet."""
    made = Desk(_console, world)
    made.passes()
    return made
