"""The provider put together; on loopback only."""

from __future__ import annotations

from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Route

from deploy.local.data_folder import CHECKOUT
from deploy.local.identity.clients import Clients
from deploy.local.identity.endpoints import Endpoints
from deploy.local.identity.settings import Settings
from deploy.local.identity.signing import Signer

LOOPBACK = "127.0.0.1"
_TOKENS_CSS = CHECKOUT / "services/web/static/tokens.css"
_OWN_CSS = Path(__file__).parent / "static/identity.css"


def make_app(settings: Settings) -> Starlette:
    """All of it."""
    signer = Signer(settings.identity_folder, settings.address)
    endpoints = Endpoints(settings.address, signer, Clients(settings))
    return Starlette(
        routes=[
            *endpoints.routes(),
            Route("/static/tokens.css", lambda _: FileResponse(_TOKENS_CSS)),
            Route("/static/identity.css", lambda _: FileResponse(_OWN_CSS)),
            Route("/health/live", lambda _: JSONResponse({"status": "ok"})),
            Route("/health/ready", lambda _: JSONResponse({"status": "ok"})),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=[LOOPBACK, "localhost"])],
    )


def run(settings: Settings) -> None:
    """Serve until a signal."""
    uvicorn.run(
        make_app(settings),
        host=LOOPBACK,
        port=settings.http_port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
