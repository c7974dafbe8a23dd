"""Live updates: each API's `/v1/changes`, passed on to the browser while the session is open.

Last-Event-ID passes through, so a restarted server is gone on with where it stopped. A stream ends
when its session does: all open sessions are looked up once a second, in one question.
"""

from __future__ import annotations

import asyncio
from collections import Counter

from fastapi import APIRouter, Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.web.proxy.handing_on import HandingOn
from services.web.staff.asking import StaffApis
from services.web.staff.door import Anybody
from services.web.staff.rights import RIGHTS
from services.web.storage.staff_sessions import StaffSessions
from shared.kernel.refusal import NotFound

LOOK_SECONDS = 1.0
_SIGNED_OUT = b"event: signed-out\ndata: {}\n\n"


class OpenStreams:
    """The sessions that have streams open, and which of them have ended."""

    def __init__(self, sessions: StaffSessions) -> None:
        self._sessions = sessions
        self._open: Counter[str] = Counter()
        self._looked = asyncio.Condition()
        self._alive: frozenset[str] = frozenset()
        self._looking: asyncio.Task[None] | None = None

    async def ended(self, key: str) -> None:
        """Returns within two seconds of the session's end."""
        self._open[key] += 1
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            async with self._looked:
                await self._looked.wait()
                while key in self._alive:
                    await self._looked.wait()
        finally:
            self._open[key] -= 1
            self._open += Counter()

    async def _look(self) -> None:
        while self._open:
            await asyncio.sleep(LOOK_SECONDS)
            self._alive = await self._sessions.open_among(list(self._open), self._alive)
            async with self._looked:
                self._looked.notify_all()


class WhileSignedIn(Response):
    """Passes a stream on until its session ends, and says so."""

    def __init__(self, onward: ASGIApp, streams: OpenStreams, key: str) -> None:
        super().__init__()
        self._onward, self._streams, self._key = onward, streams, key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Whichever ends first ends the other."""
        under_way = False

        async def noting(message: Message) -> None:
            nonlocal under_way
            under_way = message["type"] == "http.response.start" or message.get("more_body", False)
            await send(message)

        passing = asyncio.create_task(self._pass_on(scope, receive, noting))
        ended = asyncio.create_task(self._streams.ended(self._key))
        try:
            await asyncio.wait({passing, ended}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (passing, ended):
                task.cancel()
            await asyncio.gather(passing, ended, return_exceptions=True)
        if ended.done() and not ended.cancelled() and under_way:
            await send({"type": "http.response.body", "body": _SIGNED_OUT, "more_body": False})

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._onward(scope, receive, send)


def routes(apis: StaffApis, hand_on: HandingOn, streams: OpenStreams) -> APIRouter:
    """`/console/live/<service>`."""
    desk = APIRouter(prefix="/console/live", include_in_schema=False)

    @desk.get("/{service}")
    async def changes(service: str, request: Request, staff: Anybody) -> Response:
        """What changes of what this person may see: ids and versions."""
        permission = f"{service}:changes.read"
        if permission not in RIGHTS or not staff.may(permission):
            raise NotFound
        url = apis.url(service, "/v1/changes")
        bearer = await apis.bearer(staff, service)
        onward = await hand_on(request, url, extra={"Authorization": f"Bearer {bearer}"})
        return WhileSignedIn(onward, streams, staff.session.key)

    return desk
