"""Which part of a path may be handed on: nothing that could climb out or mean two things."""

from __future__ import annotations

from starlette.requests import Request

from shared.kernel.refusal import NotFound

_TWO_MEANINGS = (b"%2f", b"%5c", b"%00", b"\\")


def rest_after(request: Request, prefix: str) -> str:
    """The still encoded path behind `prefix` and the query, safe to put behind an address.

    Raises:
        NotFound: a segment is empty, `.` or `..`, or a slash is hidden in an escape.
    """
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    lowered = raw.lower()
    decoded: str = request.scope["path"]
    segments = decoded.removeprefix(prefix).split("/")
    if not raw.startswith(prefix.encode()) or any(part in lowered for part in _TWO_MEANINGS):
        raise NotFound
    if any(part in ("", ".", "..") or not part.isprintable() for part in segments):
        raise NotFound
    query = request.scope.get("query_string", b"")
    rest = raw[len(prefix) :] + (b"?" + query if query else b"")
    return rest.decode("ascii")
