"""Whether a process lives, whether it can do its work, and its numbers: plain routes.

They are not reachable through the front door. A live process answers `/health/live`; a ready one
has what it needs, check by check. Plain routes, as a mount would answer with a redirect.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from prometheus_client import CONTENT_TYPE_LATEST
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from shared.observability.metrics import render

Ready = Callable[[], Awaitable[Mapping[str, bool]]]
"""Names each thing that must hold, and whether it does. May raise: then nothing holds."""

PATHS = frozenset({"/health/live", "/health/ready", "/metrics"})


def health_routes(ready: Ready | None) -> list[Route]:
    """`/health/live`, `/health/ready` (200 or 503, with the checks by name) and `/metrics`."""

    async def live(_: Request) -> Response:
        return JSONResponse({"live": True})

    async def is_ready(_: Request) -> Response:
        checks = await _checked(ready)
        well = all(checks.values())
        return JSONResponse(
            {"ready": well, "checks": checks},
            status_code=200 if well else 503,
            headers={"Cache-Control": "no-store"},
        )

    async def metrics(_: Request) -> Response:
        return Response(render(), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/health/live", live),
        Route("/health/ready", is_ready),
        Route("/metrics", metrics),
    ]


def health_app(ready: Ready | None) -> Starlette:
    """The whole HTTP side of a worker."""
    return Starlette(routes=list(health_routes(ready)))


async def _checked(ready: Ready | None) -> dict[str, bool]:
    if ready is None:
        return {}
    try:
        return dict(await ready())
    except Exception:  # noqa: BLE001 - a check that breaks is a check that does not hold
        return {"checks": False}
