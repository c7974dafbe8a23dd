"""Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html).

A quiet stream beats every 15 s, so that proxies keep it open and a lost listener is noticed. The
listener says in Last-Event-ID what it saw last. The source is closed when the listener leaves. A
refusal in the middle is told as an event `problem`, and the stream ends; so it does when the token
of the listener ends.

The next event is asked for when the listener has taken the one before, so that none is decided on
long before it is seen.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from fastapi.sse import format_sse_event
from starlette.responses import StreamingResponse

from shared.kernel.refusal import Refusal
from shared.web.language import language_of
from shared.web.lasting import TAKEN, ensure_still_signed_in, seconds_left
from shared.web.problems import TYPE_PREFIX

HEARTBEAT_SECONDS = 15.0
RETRY_MILLISECONDS = 2000

_ID = re.compile(r"[A-Za-z0-9._:-]{1,512}")
_BEAT = b": \n\n"
_BEGINNING = f"retry: {RETRY_MILLISECONDS}\n\n".encode()
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

QUIET = b""
"""What a steady source gives when there is nothing."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One event: data as JSON, the id to resume after, and a name (`message` when None)."""

    data: Mapping[str, Any]
    id: str | None = None
    event: str | None = None


def last_event_id(
    value: Annotated[
        str | None,
        Header(alias="Last-Event-ID", description="Id för den händelse som du senast såg."),
    ] = None,
) -> str | None:
    """What the listener saw last; None for a new one, and for an id that cannot be ours."""
    return value if value is not None and _ID.fullmatch(value) else None


_QUIET = Sent({})

LastEventId = Annotated[str | None, Depends(last_event_id)]


def stream(
    request: Request, events: AsyncIterator[Sent | bytes], heartbeat: float = HEARTBEAT_SECONDS
) -> StreamingResponse:
    """Answer with the events as they come. `heartbeat` in seconds.

    Bytes are an event that was `formatted` before, once for all who get it.
    """
    return StreamingResponse(
        _written(request, events, heartbeat),
        media_type="text/event-stream",
        headers=_HEADERS,
    )


async def _written(
    request: Request, events: AsyncIterator[Sent | bytes], heartbeat: float
) -> AsyncIterator[bytes]:
    yield _BEGINNING
    coming = asyncio.ensure_future(_next(events))
    stopping = asyncio.ensure_future(request.app.state.stopping.wait())
    try:
        while not await request.is_disconnected():
            await asyncio.wait(
                {coming, stopping},
                timeout=_until_signed_out(request, heartbeat),
                return_when=asyncio.FIRST_COMPLETED,
            )
            if stopping.done():
                return
            try:
                ensure_still_signed_in(request)
                sent = coming.result() if coming.done() else _QUIET
            except Refusal as refusal:
                yield formatted(_problem(request, refusal))
                return
            if sent is None:
                return
            yield _BEAT if sent is _QUIET else formatted(sent)
            yield TAKEN
            if sent is not _QUIET:
                coming = asyncio.ensure_future(_next(events))
    finally:
        stopping.cancel()
        coming.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await coming
        close = getattr(events, "aclose", None)
        if close is not None:
            with contextlib.suppress(RuntimeError):
                await close()


def steady(
    request: Request, parts: AsyncGenerator[bytes, None], heartbeat: float = HEARTBEAT_SECONDS
) -> StreamingResponse:
    """As `stream`, from a source that never rests long: it gives `QUIET` every second or so.

    So nothing has to wait beside it, which a process with hundreds of listeners to the same events
    feels. Bytes are events that were `formatted` before.
    """
    return StreamingResponse(
        _passed_on(request, parts, heartbeat), media_type="text/event-stream", headers=_HEADERS
    )


async def _passed_on(
    request: Request, parts: AsyncGenerator[bytes, None], heartbeat: float
) -> AsyncIterator[bytes]:
    stopping: asyncio.Event = request.app.state.stopping
    yield _BEGINNING
    spoke = time.monotonic()
    try:
        async with aclosing(parts):
            async for part in parts:
                if stopping.is_set():
                    return
                ensure_still_signed_in(request)
                if not part and time.monotonic() - spoke < heartbeat:
                    continue
                yield part or _BEAT
                yield TAKEN
                spoke = time.monotonic()
    except Refusal as refusal:
        yield formatted(_problem(request, refusal))


def _until_signed_out(request: Request, heartbeat: float) -> float:
    left = seconds_left(request)
    return heartbeat if left is None else max(0.0, min(heartbeat, left))


async def _next(events: AsyncIterator[Sent | bytes]) -> Sent | bytes | None:
    return await anext(events, None)


def _problem(request: Request, refusal: Refusal) -> Sent:
    says = {"type": TYPE_PREFIX + refusal.kind, "detail": refusal.says(language_of(request))}
    return Sent(says, event="problem")


def formatted(sent: Sent | bytes) -> bytes:
    """As it is written."""
    if isinstance(sent, bytes):
        return sent
    data = json.dumps(sent.data, ensure_ascii=False, separators=(",", ":"), default=str)
    return format_sse_event(data_str=data, event=sent.event, id=sent.id)
