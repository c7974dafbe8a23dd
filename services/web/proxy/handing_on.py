"""One request handed on and its answer handed back, both as they come, neither kept in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping

import httpx
import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.web.settings import Settings
from shared.observability.tracing import current_traceparent
from shared.web.problems import problem
from shared.web.visitor import introduced, visitor_of

_log = structlog.get_logger("proxy")

FIRST_BYTE_WITHIN = 60.0
"""Seconds until an answer must begin; a stream may then go on for as long as it likes."""

_ONE_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer "
    b"trailers transfer-encoding upgrade".split()
)
"""Meant for one connection only (RFC 9110 §7.6.1)."""
_NOT_IN = _ONE_HOP | frozenset(
    b"host cookie expect forwarded x-forwarded-for x-forwarded-host x-forwarded-proto x-real-ip "
    b"x-original-url x-rewrite-url front-door-secret traceparent tracestate".split()
)
_NOT_OUT = _ONE_HOP | frozenset(b"server date set-cookie strict-transport-security".split())

Headers = list[tuple[bytes, bytes]]


class HandingOn:
    """Hands requests on over one pool of connections."""

    def __init__(self, client: httpx.AsyncClient, settings: Settings) -> None:
        self._client, self._secret = client, settings.front_door_secret
        self._scheme, _, self._host = settings.front_door.partition("://")

    async def __call__(
        self, request: Request, url: str, *, extra: Mapping[str, str] | None = None
    ) -> Response:
        """The answer of the service at `url`, or a problem: 502 nobody there, 504 too slow.

        `extra` headers are ours to add, such as the secret of a visit.
        """
        onward = self._client.build_request(
            request.method,
            url,
            headers=[*_kept(request.headers.raw, _NOT_IN), *self._ours(request, extra or {})],
            content=_body(request),
            timeout=httpx.Timeout(None, connect=5.0),
        )
        try:
            async with asyncio.timeout(FIRST_BYTE_WITHIN):
                answer = await self._client.send(onward, stream=True)
        except (TimeoutError, httpx.TimeoutException):
            return problem(request, 504, kind="service-too-slow")
        except ClientDisconnect:
            return Response(status_code=499)
        except httpx.HTTPError as error:
            _log.warning("service_unreachable", error=type(error).__name__)
            return problem(request, 502, kind="service-unreachable", headers={"Retry-After": "2"})
        return Onward(answer)

    def _ours(self, request: Request, extra: Mapping[str, str]) -> Headers:
        ours = {
            **introduced(visitor_of(request), self._secret),
            "X-Forwarded-Proto": self._scheme,
            "X-Forwarded-Host": self._host,
            "Traceparent": current_traceparent() or "",
            **extra,
        }
        return [(name.encode(), value.encode("latin-1")) for name, value in ours.items() if value]


class Onward(Response):
    """A service's answer, passed on piece by piece; let go of when the asker goes away."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(status_code=answer.status_code)
        self._answer = answer
        self.raw_headers = _kept(answer.headers.raw, _NOT_OUT)

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on until the answer ends or nobody listens any more."""
        passing = asyncio.create_task(self._pass_on(send))
        leaving = asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait({passing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if passing.done():
                passing.result()
        finally:
            for task in (passing, leaving):
                task.cancel()
            await asyncio.gather(passing, leaving, return_exceptions=True)
            await self.close()

    async def close(self) -> None:
        """Let go of the service's connection."""
        await self._answer.aclose()

    async def _pass_on(self, send: Send) -> None:
        start = {"type": "http.response.start", "status": self.status_code}
        await send({**start, "headers": list(self.raw_headers)})
        async for piece in self._answer.aiter_raw():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _body(request: Request) -> AsyncIterator[bytes] | bytes:
    length = request.headers.get("content-length", "0")
    empty = length == "0" and "transfer-encoding" not in request.headers
    return b"" if empty else request.stream()


def _kept(headers: Iterable[tuple[bytes, bytes]], dropped: frozenset[bytes]) -> Headers:
    pairs = [(name.lower(), value) for name, value in headers]
    named = {
        part.strip().lower()
        for name, value in pairs
        if name == b"connection"
        for part in value.split(b",")
    }
    return [(name, value) for name, value in pairs if name not in dropped and name not in named]
