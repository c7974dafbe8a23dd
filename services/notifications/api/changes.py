"""Live updates for the console: ids and versions only."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.notifications.house import House
from services.notifications.storage.changes import MongoChanges
from shared.web.permissions import needs
from shared.web.server_sent import LastEventId, Sent, stream


def routes(house: House) -> APIRouter:
    """`/v1/changes`."""
    router = APIRouter(prefix="/v1", tags=["changes"])
    changes = MongoChanges(house.ground.database)

    @router.get(
        "/changes",
        description="Vad som ändras, i samma stund: id och version (server-sent events).",
        response_class=Response,
        responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}}},
        dependencies=[needs("changes.read")],
    )
    async def follow(request: Request, last: LastEventId) -> Response:
        return stream(request, _sent(changes, last))

    return router


async def _sent(changes: MongoChanges, last: str | None) -> AsyncIterator[Sent]:
    async for change in changes.of_all(last):
        if change.kind == "reset":
            yield Sent({}, id=change.place, event="reset")
        else:
            data = {"id": change.id, "version": change.version, "about": change.about}
            yield Sent(data, id=change.place, event=change.kind)
