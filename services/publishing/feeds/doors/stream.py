"""`/v1/feed/stream`: the log as server-sent events, each with its id to go on after."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator, Callable
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Header, Request
from starlette.responses import StreamingResponse

from services.publishing.feeds.domain.filters import Filter
from services.publishing.feeds.doors.access import Access
from services.publishing.feeds.doors.reading import (
    LOOKS,
    Places,
    Reading,
    Types,
    asked_filter,
    ensure_reads,
)
from services.publishing.feeds.storage.receipts import Passage
from services.publishing.feeds.use_cases.come_in import Came
from shared.web.server_sent import QUIET, Sent, formatted, steady

_NOTED_EVERY = 2.0
_FOR_EVER = 10.0**9
_LastEventId = Annotated[
    str | None,
    Header(alias="Last-Event-ID", max_length=100, description="Fortsätt efter den här posten."),
]


def routes(reading: Reading, access: Access) -> APIRouter:
    """The one route."""
    router = APIRouter(prefix="/v1", tags=["feeds"])

    @router.get(
        "/feed/stream",
        summary="Flödet som ström",
        description="Server-sent events: posterna i ordning, först det som redan finns. Fortsätter "
        "efter Last-Event-ID, också efter en omstart hos oss. Entries as they come; goes on after "
        "Last-Event-ID; a quiet stream beats every 15 s.",
        responses={
            200: {
                "description": "En ström av poster.",
                "content": {"text/event-stream": {"schema": {"type": "string"}}},
            }
        },
        response_class=StreamingResponse,
    )
    async def listen(
        *,
        request: Request,
        came: Came = access.partner,
        after: _LastEventId = None,
        types: Types = None,
        places: Places = None,
    ) -> StreamingResponse:
        ensure_reads(came.partner)
        asked = asked_filter(types, places)
        position = await reading.tail.position_of(after)
        has = position if after else None
        await reading.noting.now(came.partner.id, "stream", has_upto=has, begins=position)
        over = request.app.state.stopping.is_set
        return steady(request, _entries(reading, came, position, asked, over))

    return router


async def _entries(
    reading: Reading, came: Came, after: int, asked: Filter, over: Callable[[], bool]
) -> AsyncGenerator[bytes, None]:
    """Entries as they are written; nothing at least every second."""
    position = noted = after
    noted_at, partner = time.monotonic(), came.partner.id
    try:
        async with reading.tail.listening():
            parts = reading.forward(came, after, asked, LOOKS, _FOR_EVER, anew=True)
            async for found, upto in parts:
                for one in found:
                    # Sent is given; that it arrived, its reader says when it goes on after it.
                    position = one.position
                    yield _written(one.body, one.event_id)
                position = max(position, upto)
                if position > noted and time.monotonic() - noted_at > _NOTED_EVERY:
                    reading.noting.flows(partner, "stream", [Passage(noted, position)])
                    noted, noted_at = position, time.monotonic()
                if not found:
                    yield QUIET
    finally:
        reading.noting.flows(partner, "stream", [Passage(noted, position)], ends=[after])
        if over():
            await reading.noting.all()


@lru_cache(maxsize=1024)
def _written(body: bytes, event_id: str) -> bytes:
    """An entry as an event: once, however many hundreds hear it."""
    return formatted(Sent(json.loads(body), id=event_id))
