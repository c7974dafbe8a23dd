"""A server that can drop a connection without an answer, as a network does."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HANG_UP = "safespace.hang_up"


class AbruptProtocol(HttpToolsProtocol):
    """uvicorn's own protocol, which also hands the application the connection's way to end it."""

    def on_message_begin(self) -> None:
        """Called by the parser at the start of each request."""
        super().on_message_begin()
        self.scope["state"][_HANG_UP] = self.transport.abort


class NoAnswer(Response):
    """Ends the connection instead of answering."""

    def __init__(self, request: Request) -> None:
        super().__init__()
        self._abort = request.scope["state"][_HANG_UP]

    async def __call__(self, _scope: Scope, receive: Receive, _send: Send) -> None:
        """Drop the connection and wait until the server has seen it."""
        self._abort()
        while (await receive())["type"] != "http.disconnect":
            pass
