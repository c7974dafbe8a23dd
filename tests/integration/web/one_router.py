"""An app of one router, asked without a socket."""

from __future__ import annotations

from typing import Any

import httpx
from fastapi import APIRouter

from shared.web.app import make_app
from shared.web.settings import WebSettings


def app_of(router: APIRouter) -> Any:
    settings = WebSettings(
        http_port=1, issuer="http://127.0.0.1:9", audience="booking", front_door="http://f"
    )
    return make_app(service="booking", settings=settings, routers=[router])


def client_of(app: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://rim"
    )
