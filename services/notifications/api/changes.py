"""Live updates for the console: ids and versions only."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.notifications.storage.changes import MongoChanges
from shared.kernel.actor import Actor
from shared.web.permissions import needs
from shared.web.server_sent import LastEventId, Sent, stream


def routes(changes: MongoChanges) -> APIRouter:
    """`/v1/changes`."""
    router = APIRouter(prefix="/v1", tags=["changes"])

    @router.get(
        "/changes",
        description="Vad som ändras, i samma stund: id och version (server-sent events).",
        response_class=Response,
        responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
    )
    async def follow(
        request: Request, last: LastEventId, actor: Annotated[Actor, needs("changes.read")]
    ) -> Response:
        return stream(request, _sent(changes, last, actor))

    return router


async def _sent(changes: MongoChanges, last: str | None, actor: Actor) -> AsyncIterator[Sent]:
    async for change in changes.of_all(last, by=actor):
        if change.kind == "reset":
            yield Sent({}, id=change.place, event="reset")
        else:
            data = {"id": change.id, "version": change.version, "about": change.about}
            yield Sent(data, id=change.place, event=change.kind)
