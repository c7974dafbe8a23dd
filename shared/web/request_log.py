"""Around every request: its cause and trace, one line in the log, its numbers, and the last net.

Logs and metrics hold the route's template, never the path. An error that nobody foresaw is logged
by class and place and answered with a 500 that says nothing of it.
"""

from __future__ import annotations

import time
from contextlib import suppress

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.kernel.ids import new_id
from shared.mongo.away import is_away
from shared.observability.cause import Cause, because_of
from shared.observability.health import PATHS
from shared.observability.logging import place_of
from shared.observability.metrics import HTTP_REQUESTS, HTTP_SECONDS
from shared.observability.tracing import continue_from, current_traceparent, well_formed
from shared.web.problems import problem
from shared.web.route_table import RouteTable

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_log = structlog.get_logger("http")

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""On every answer that does not say otherwise itself."""


class RequestLog:
    """Middleware, the outermost of ours."""

    def __init__(self, app: ASGIApp, table: RouteTable) -> None:
        self._app = app
        self._table = table

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the request as one cause in one trace."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = well_formed(Headers(scope=scope).get("traceparent"))
        with (
            continue_from(sent, "request", "server"),
            because_of(Cause(new_id(), traceparent=current_traceparent())),
        ):
            await self._told(scope, receive, send)

    async def _told(self, scope: Scope, receive: Receive, send: Send) -> None:
        started, answer = time.perf_counter(), _Answer(scope, send)
        try:
            with suppress(ClientDisconnect):  # before their body's end: nobody is left to answer
                await self._app(answer.scope, receive, answer)
        except Exception as error:  # noqa: BLE001 - the last net
            await self._last_net(error, answer, receive)
        finally:
            self._tell(answer, time.perf_counter() - started)

    async def _last_net(self, error: Exception, answer: _Answer, receive: Receive) -> None:
        away = is_away(error)
        route = self._table.template(answer.scope)
        _log.error("request_failed", route=route, **place_of(error))
        if answer.status:
            # Too late for another answer: break off, so that the half is not taken for the whole.
            raise ConnectionAbortedError from None
        headers = {"Retry-After": "2"} if away else None
        said = problem(Request(answer.scope), 503 if away else 500, headers=headers)
        await said(answer.scope, receive, answer)

    def _tell(self, answer: _Answer, seconds: float) -> None:
        if answer.scope["path"] in PATHS:
            return
        route = self._table.template(answer.scope)
        method = answer.method if answer.method in _METHODS else "OTHER"
        HTTP_REQUESTS.labels(method, route, answer.status or 499).inc()
        HTTP_SECONDS.labels(method, route).observe(seconds)
        _log.info(
            "request",
            method=method,
            route=route,
            status=answer.status or 499,
            milliseconds=round(seconds * 1000, 1),
        )


class _Answer:
    """Sends with our headers, and remembers the status. HEAD is GET without the body."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self.method: str = scope["method"]
        self.scope = {**scope, "method": "GET"} if self.method == "HEAD" else scope
        self.status = 0
        self._send = send
        self._ended = False

    async def __call__(self, message: Message) -> None:
        if self._ended:
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(raw=message["headers"])
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            message["headers"] = headers.raw
        elif self.method == "HEAD":
            message, self._ended = {**message, "body": b"", "more_body": False}, True
        await self._send(message)
