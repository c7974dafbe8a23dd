"""Our own style and script files: a fixed set, kept by browsers while they stay the same.

They alone go compressed. Pages do not: whoever can make somebody's browser ask for words of their
choosing could guess a form's token from how small it becomes beside them (the BREACH attack).
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from functools import cache
from mimetypes import guess_type

from fastapi import APIRouter, Request, Response

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
        """One file, compressed for whoever takes that."""
        if name not in _NAMES:
            raise NotFound
        same = versioned(name).endswith(f"?{request.url.query}")
        packed = "gzip" in request.headers.get("accept-encoding", "")
        headers: Mapping[str, str] = {
            "Cache-Control": _FOREVER if same else _FOR_NOW,
            "Vary": "Accept-Encoding",
            **({"Content-Encoding": "gzip"} if packed else {}),
        }
        whole, small = _content(name)
        return Response(small if packed else whole, headers=headers, media_type=guess_type(name)[0])

    return desk


@cache
def _content(name: str) -> tuple[bytes, bytes]:
    """A file as it is, and compressed."""
    whole = (STATIC / name).read_bytes()
    return whole, gzip.compress(whole, 9, mtime=0)
