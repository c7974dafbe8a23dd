"""The front door before publishing: the real pages, asking the real API."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from pydantic import SecretStr

from services.web.main import http
from services.web.settings import Settings
from shared.web.serving import served
from tests.support.ports import free_port
from tests.support.servers import RealServers

AWAY = "http://127.0.0.1:1"
"""Nobody listens there."""


@asynccontextmanager
async def the_door(servers: RealServers, publishing: str) -> AsyncIterator[httpx.AsyncClient]:
    """A visitor before the door, with publishing at this address behind it ("": without it)."""
    port = free_port()
    settings = Settings(
        profile="local",
        http_port=port,
        metrics_port=free_port(),
        issuer=AWAY,
        audience="web",
        front_door=f"http://127.0.0.1:{port}",
        mongodb_url=SecretStr(servers.mongo_url("web")),
        session_key=SecretStr(base64.b64encode(b"s" * 32).decode()),
        client_secret=SecretStr("w" * 43),
        callback_secret=SecretStr("c" * 43),
        front_door_secret=SecretStr("f" * 43),
        booking_url=AWAY,
        notifications_url=AWAY,
        publishing_url=publishing,
        anonymous_burst=100_000,
    )
    async with (
        served(http(settings), port=port) as url,
        httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as client,
    ):
        yield client
