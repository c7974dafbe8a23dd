"""Our own style and script files: a fixed set, kept by browsers while they stay the same."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.responses import FileResponse

from services.web.pages import STATIC, versioned
from shared.kernel.refusal import NotFound
from shared.web.permissions import open_to_all

_NAMES = frozenset(path.name for path in STATIC.iterdir())
_FOREVER = "public, max-age=31536000, immutable"
_FOR_NOW = "no-cache"


def routes() -> APIRouter:
    """`/static/<name>`."""
    desk = APIRouter(include_in_schema=False)

    @desk.get("/static/{name}", dependencies=[open_to_all("style and scripts", limited=False)])
    async def static(name: str, request: Request) -> Response:
        """One file."""
        if name not in _NAMES:
            raise NotFound
        same = versioned(name).endswith(f"?{request.url.query}")
        return FileResponse(
            STATIC / name, headers={"Cache-Control": _FOREVER if same else _FOR_NOW}
        )

    return desk
