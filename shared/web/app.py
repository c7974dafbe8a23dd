"""The one way to make an HTTP app: a policy on every route, and a kind no for the rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp

from shared.kernel.refusal import Refusal
from shared.observability.health import PATHS, Ready, health_routes
from shared.web.api_info import API_VERSION, api_info
from shared.web.body_guard import BodyGuard
from shared.web.denials import Record
from shared.web.openapi import install_openapi
from shared.web.permissions import check_policies
from shared.web.problems import install
from shared.web.rate_limit import TokenBuckets
from shared.web.request_log import RequestLog
from shared.web.route_table import RouteTable
from shared.web.settings import WebSettings
from shared.web.signed_in import TokenVerifier

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
_OWN_PATHS = PATHS | {"/openapi.json"}
# FastAPI's own telemetry would put messages of exceptions and validation errors into spans.
_NO_TELEMETRY = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}


@dataclass(frozen=True, slots=True)
class OpenMount:
    """An app that anybody may reach under a path, such as static files; and why."""

    path: str
    app: ASGIApp
    reason: str


def make_app(
    *,
    service: str,
    settings: WebSettings,
    routers: Sequence[APIRouter],
    refusals: Mapping[type[Refusal], int] | None = None,
    permissions: Mapping[str, frozenset[str]] | None = None,
    lifespan: Lifespan | None = None,
    ready: Ready | None = None,
    health_apart: bool = False,
    mounts: Sequence[OpenMount] = (),
    description: str = "",
    verifier: TokenVerifier | None = None,
    denials: Record | None = None,
) -> FastAPI:
    """An app of these routers, complete with health, `/openapi.json` and `/v1/api-info`.

    `refusals` gives a service's own refusals their status (409 otherwise); `permissions` is the
    service's policy, permission → roles; `ready` is asked by `/health/ready`; `denials` hears of
    every no to somebody who is known, before it is answered. With
    `health_apart` health and numbers are left out: they answer on a port of their own, as a
    `health_app`, because this one is open to anybody.

    Raises:
        RouteWithoutPolicy: a route does not say who may use it.
    """
    app = _bare_app(service, description, lifespan)
    app.state.permissions = dict(permissions or {})
    app.state.verifier = verifier or TokenVerifier(
        settings.issuer, settings.audience, jwks_url=settings.jwks_url
    )
    app.state.denials = denials
    app.state.stopping = asyncio.Event()
    app.state.anonymous = TokenBuckets(settings.anonymous_burst, settings.anonymous_per_second)
    app.state.front_door_secret = settings.front_door_secret
    for router in (*routers, api_info(service, settings)):
        app.include_router(router)
    if not health_apart:
        app.router.routes.extend(health_routes(ready))
    for mount in mounts:
        app.mount(mount.path, mount.app)
    table = RouteTable(app)
    check_policies(table, app.state.permissions, _OWN_PATHS | {mount.path for mount in mounts})
    install(app, table, refusals or {})
    install_openapi(app)
    app.add_middleware(BodyGuard, table=table)
    app.add_middleware(RequestLog, table=table)
    return app


def _bare_app(service: str, description: str, lifespan: Lifespan | None) -> FastAPI:
    return FastAPI(
        title=f"Safe Space – {service}",
        version=API_VERSION,
        description=description or f"API för {service} på Resurscenter Safe Space Malmö.",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=_with_closing(lifespan),
        telemetry=_NO_TELEMETRY,  # type: ignore[arg-type]
    )


def _with_closing(lifespan: Lifespan | None) -> Lifespan:
    @asynccontextmanager
    async def around(app: FastAPI) -> AsyncIterator[None]:
        try:
            if lifespan is None:
                yield
            else:
                async with lifespan(app):
                    yield
        finally:
            await app.state.verifier.keys.close()

    return around
