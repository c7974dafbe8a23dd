"""What a body may be, before anything parses it: how large, how deep, and in which encoding.

Pure ASGI. A JSON body is read whole, checked and handed on; other bodies stream through a counter.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from typing import Any

from fastapi import Depends
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.kernel.refusal import Refusal
from shared.web.problems import refused
from shared.web.refusals import STATUSES, BodyTooLarge, NestedTooDeep, NotJson
from shared.web.route_table import RouteTable

MIB = 1024 * 1024
DEFAULT_LIMIT = MIB
DEEPEST = 32

_DRAINED = 64 * MIB
_DRAIN_SECONDS = 5.0
# A whole string (also one without an end) or one bracket. Possessive, so it is linear in the body.
_TOKENS = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[\[\]{}]', re.DOTALL)
# A pair of halves, a half that stands alone, or any other escape.
_ESCAPES = re.compile(
    rb"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|(?P<half>\\u[dD][89a-fA-F])|\\.", re.DOTALL
)


class _BodyLimit:
    """A dependency that does nothing but say how large a route's body may be."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self) -> None:
        return None


def big_body(limit: int) -> Any:
    """Let a route take more than 1 MiB: `dependencies=[big_body(5 * MIB)]`, in bytes."""
    return Depends(_BodyLimit(limit))


def depth_of(body: bytes, deepest: int = DEEPEST) -> int:
    """How deep objects and lists stand in each other; stops counting just beyond `deepest`."""
    if body.count(b"[") + body.count(b"{") <= deepest:
        return 0
    depth = most = 0
    for token in _TOKENS.finditer(body):
        first = body[token.start()]
        if first in b"[{":
            depth += 1
            most = max(most, depth)
            if most > deepest:
                break
        elif first in b"]}":
            depth -= 1
    return most


def has_half_characters(body: bytes) -> bool:
    """Whether half of a surrogate pair stands alone: no database and no answer can hold it."""
    return b"\\" in body and any(found["half"] for found in _ESCAPES.finditer(body))


class BodyGuard:
    """Middleware over a complete table of routes."""

    def __init__(self, app: ASGIApp, table: RouteTable, limit: int = DEFAULT_LIMIT) -> None:
        self._app = app
        self._limit = limit
        self._bigger = [
            (route.regex, route.methods, declared.limit)
            for route in table.routes
            for declared in route.declared
            if isinstance(declared, _BodyLimit)
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through what is small, shallow and readable; answer the rest."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        limit = self._limit_for(scope)
        counted = _Counted(receive, limit)
        headers = Headers(scope=scope)
        try:
            if _announced(headers) > limit:
                raise BodyTooLarge(limit_bytes=limit)
            handed_on: Receive = counted
            if _is_json(headers):
                handed_on = _Again(await _checked(counted), receive)
        except Refusal as refusal:
            await _drain(receive, counted)
            answer = refused(Request(scope), refusal, STATUSES)
            answer.headers["Connection"] = "close"
            await answer(scope, receive, send)
            return
        await self._app(scope, handed_on, send)

    def _limit_for(self, scope: Mapping[str, Any]) -> int:
        return next(
            (
                limit
                for regex, methods, limit in self._bigger
                if scope["method"] in methods and regex.match(scope["path"])
            ),
            self._limit,
        )


class _Counted:
    """Passes a body on and stops it at the limit."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self.limit = limit
        self._read = 0
        self.ended = False

    async def __call__(self) -> Message:
        message = await self._receive()
        self._read += len(message.get("body", b""))
        self.ended = not message.get("more_body", False)
        if self._read > self.limit:
            # An HTTPException: FastAPI makes a 400 of anything else that reading a body raises.
            raise HTTPException(413)
        return message


class _Again:
    """Hands on a body that was read already, then whatever comes after it."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def _checked(counted: _Counted) -> bytes:
    chunks: list[bytes] = []
    try:
        while not counted.ended:
            message = await counted()
            if message["type"] == "http.disconnect":
                # What came may be whole JSON by chance, and is still not what they meant to send.
                raise ClientDisconnect
            chunks.append(message.get("body", b""))
    except HTTPException:
        raise BodyTooLarge(limit_bytes=counted.limit) from None
    body = b"".join(chunks)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        raise NotJson from None
    # A zero byte is in no JSON, but makes the parser guess UTF-16.
    if b"\0" in body or has_half_characters(body):
        raise NotJson
    if depth_of(body) > DEEPEST:
        raise NestedTooDeep(levels=DEEPEST)
    return body


async def _drain(receive: Receive, counted: _Counted) -> None:
    """Read on for a while, so that a sender still sending gets to see the answer."""
    read = 0
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            while not counted.ended and read < _DRAINED:
                message = await receive()
                read += len(message.get("body", b""))
                counted.ended = not message.get("more_body", False)
    except TimeoutError:
        return


def _announced(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length) if length.isdigit() else 0


def _is_json(headers: Headers) -> bool:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")
