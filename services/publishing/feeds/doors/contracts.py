"""What entries look like, for partners' tools: AsyncAPI 3, and a JSON Schema for each type."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter
from starlette.responses import JSONResponse

from services.publishing.feeds.domain.entry import COUNTS, TELLERS
from shared.contracts.catalogue import for_partners
from shared.contracts.event import Contract
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.web.permissions import open_to_all

_Anybody = Annotated[
    Actor, open_to_all("contracts hold no data; partners' tools fetch them", whoever=True)
]
_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


def routes() -> APIRouter:
    """Both of them."""
    router = APIRouter(prefix="/v1/feed", tags=["feeds"])

    @router.get(
        "/asyncapi.json",
        summary="AsyncAPI 3 för flödet",
        description="Alla typer som kan stå i flödet. Every type that may stand in the feed.",
        responses={200: _described({"asyncapi": "3.0.0"})},
        response_class=JSONResponse,
    )
    async def asyncapi(actor: _Anybody) -> JSONResponse:
        del actor
        return JSONResponse(_asyncapi())

    @router.get(
        "/schemas/{name}",
        summary="JSON Schema för en typ",
        description="Av en posts `data`, t.ex. booking.occasion-published.v1.json. Of an entry's "
        "data.",
        responses={200: _described({"$schema": _SCHEMA})},
        response_class=JSONResponse,
    )
    async def schema(actor: _Anybody, name: str) -> JSONResponse:
        del actor
        found = {f"{one.routing_key()}.json": one for one in in_the_feed()}.get(name)
        if found is None:
            raise NotFound
        return JSONResponse(_schema(found))

    return router


def in_the_feed() -> tuple[type[Contract], ...]:
    """The contracts whose events can become entries."""
    return tuple(
        one for one in for_partners() if one.teller in TELLERS or one.routing_key() == COUNTS
    )


@cache
def _asyncapi() -> dict[str, Any]:
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Safe Space – flödet", "version": "1"},
        "defaultContentType": "application/cloudevents+json",
        "channels": {
            one.routing_key(): {
                "address": "/v1/feed",
                "description": (one.__doc__ or "").strip(),
                "messages": {
                    one.name: {
                        "name": one.event_type(),
                        "payload": {"$ref": f"schemas/{one.routing_key()}.json"},
                        "x-audience": one.audience,
                    }
                },
            }
            for one in in_the_feed()
        },
        "operations": {
            f"partners read {one.routing_key()}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{one.routing_key()}"},
            }
            for one in in_the_feed()
        },
    }


def _schema(one: type[Contract]) -> dict[str, Any]:
    schema = one.model_json_schema()
    return {**schema, "$id": f"/schemas/{one.routing_key()}.json", "$schema": _SCHEMA}


def _described(example: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": "Beskrivningen.",
        "content": {"application/json": {"example": example}},
    }
