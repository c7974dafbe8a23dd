"""A process as services run theirs: settings from the environment, one log, uvicorn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request

from shared.observability.logging import set_up
from shared.observability.tracing import set_up_tracing
from shared.web.app import make_app
from shared.web.permissions import open_to_all
from shared.web.server_sent import Sent, stream
from shared.web.serving import serve
from shared.web.settings import WebSettings


def routes() -> APIRouter:
    router = APIRouter()

    @router.get("/v1/quiet", dependencies=[open_to_all("to try")])
    async def quiet(request: Request) -> Any:
        async def nothing() -> AsyncIterator[Sent]:
            await asyncio.Event().wait()
            yield Sent({})

        return stream(request, nothing())

    @router.get("/v1/who", dependencies=[open_to_all("to try")])
    async def who(request: Request) -> dict[str, str]:
        return {"host": request.client.host if request.client else ""}

    return router


def main() -> None:
    settings = WebSettings()  # type: ignore[call-arg]
    set_up(settings.profile, "booking", "http")
    set_up_tracing("booking", "http")
    serve(make_app(service="booking", settings=settings, routers=[routes()]), settings)


if __name__ == "__main__":
    main()
