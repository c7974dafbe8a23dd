"""`/v1/changes`: live updates for the console. Ids and versions only; read the rest with a GET."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

from services.mentoring.use_cases.follow_changes import FollowChanges
from shared.kernel.actor import Actor
from shared.web.permissions import needs
from shared.web.server_sent import LastEventId, Sent, stream


def routes(follow: FollowChanges) -> APIRouter:
    """The one route."""
    router = APIRouter(tags=["changes"])

    @router.get(
        "/v1/changes",
        summary="Vad som ändras",
        description="Server-sent events: id och version för de ärenden som du ser just nu (`case`) "
        "och det som börjar vänta på dig (`notice`). Fortsätter efter Last-Event-ID; `reset` "
        "betyder att något missades, `problem` att strömmen slutar. Ids and versions of the cases "
        "that you see at that moment, and what begins to wait for you; goes on after "
        "Last-Event-ID; `reset` means that something was missed, `problem` that the stream ends.",
        responses={200: _STREAM},
        response_class=StreamingResponse,
    )
    async def listen(
        request: Request, after: LastEventId, actor: Annotated[Actor, needs("changes.read")]
    ) -> StreamingResponse:
        return stream(request, _sent(follow, after, actor))

    return router


async def _sent(follow: FollowChanges, after: str | None, actor: Actor) -> AsyncIterator[Sent]:
    async for told in follow(after, by=actor):
        if told.kind == "reset":
            yield Sent({}, id=told.place, event="reset")
        else:
            data = {"kind": told.kind, "id": told.id, "version": told.version}
            yield Sent(data, id=told.place, event=told.kind)


_STREAM: dict[str, Any] = {
    "description": "En ström av ändringar.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}
