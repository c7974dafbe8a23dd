"""`/v1/changes`: live updates for the console. Ids and versions only; read the rest with a GET."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

from services.booking.policy import PERMISSIONS
from services.booking.storage.changes import Kind, MongoChanges
from shared.kernel.actor import Actor
from shared.web.permissions import needs
from shared.web.server_sent import LastEventId, Sent, stream


def routes(changes: MongoChanges) -> APIRouter:
    """The one route."""
    router = APIRouter(tags=["changes"])

    @router.get(
        "/v1/changes",
        summary="Vad som ändras",
        description="Server-sent events: id och version för tillfällen, bokningar och rums dagar "
        "(rum/datum) som ändras, och bara det man får läsa. Fortsätter efter Last-Event-ID; "
        "`reset` betyder att något missades. Ids and versions of what changes, as far as the actor "
        "may read it; goes on "
        "after Last-Event-ID; `reset` means that something was missed: read everything anew.",
        responses={200: _STREAM},
        response_class=StreamingResponse,
    )
    async def listen(
        request: Request, after: LastEventId, actor: Annotated[Actor, needs("changes.read")]
    ) -> StreamingResponse:
        return stream(request, _sent(changes, after, actor))

    return router


def kinds_for(actor: Actor) -> tuple[Kind, ...]:
    """What this actor may hear of."""
    allowed: tuple[tuple[Kind, str], ...] = (
        ("occasion", "occasions.read"),
        ("booking", "bookings.read"),
        ("room-day", "rooms.read"),
    )
    return tuple(kind for kind, right in allowed if actor.has(*PERMISSIONS[right]))


async def _sent(changes: MongoChanges, after: str | None, actor: Actor) -> AsyncIterator[Sent]:
    async for change in changes.since(after, kinds_for(actor), by=actor):
        if change.kind == "reset":
            yield Sent({}, id=change.place, event="reset")
        else:
            data = {"kind": change.kind, "id": change.id, "version": change.version}
            yield Sent(data, id=change.place, event=change.kind)


_STREAM: dict[str, Any] = {
    "description": "En ström av ändringar.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}
