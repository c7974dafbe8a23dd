"""What has not changed since it was fetched is not sent again (RFC 9110 §13): ETag and 304."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

_TAG = re.compile(r'(?:W/)?("[^"]*")')


def content_etag(content: bytes) -> str:
    """A strong ETag of these very bytes, with its quotes."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def answer_if_changed(
    request: Request, content: bytes, media_type: str, headers: Mapping[str, str] | None = None
) -> Response:
    """The content with its ETag, or 304 when the asker has just that."""
    etag = content_etag(content)
    told = {**(headers or {}), "ETag": etag}
    if has_it(request, etag):
        return Response(status_code=304, headers=told)
    return Response(content, media_type=media_type, headers=told)


def has_it(request: Request, etag: str) -> bool:
    """Whether If-None-Match names it; compared weakly, as §13.1.2 wants."""
    asked = ", ".join(request.headers.getlist("if-none-match"))
    return asked.strip() == "*" or etag in _TAG.findall(asked)
