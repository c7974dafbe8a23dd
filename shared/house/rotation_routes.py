"""`/v1/key-rotation`: the operator wraps a service's keys anew, step by step.

Each step is whole in itself: whoever asks for steps until none is left shows the progress, may stop
at any time, and goes on later where it was left.
"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from shared.kernel.actor import Actor
from shared.privacy.rewrapping import Rewrapping, Standing
from shared.web.examples import documented
from shared.web.permissions import needs

_EXAMPLE: dict[str, Any] = {
    "service": "mentoring",
    "newest": "5f0e8c550f8f8a1f",
    "total": 2000,
    "left": 500,
    "unopened": 0,
}
Operator = Annotated[Actor, needs("keys.rotate")]


class Rotation(BaseModel):
    """How far it has come. `unopened` of those left need a master key that is not here."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE})

    service: str
    newest: str
    total: int
    left: int
    unopened: int

    @classmethod
    def of(cls, service: str, standing: Standing) -> Rotation:
        """As it is answered."""
        return cls(
            service=service,
            newest=standing.newest,
            total=standing.total,
            left=standing.left,
            unopened=standing.unopened,
        )


def routes(service: str, rewrapping: Rewrapping) -> APIRouter:
    """Looking, and going one step on."""
    router = APIRouter(prefix="/v1/key-rotation", tags=["operator"])

    @router.get(
        "",
        summary="Hur långt bytet av huvudnyckel har kommit",
        description="Hur många nycklar som finns och hur många som väntar. How far it has come.",
        responses=documented(Rotation, 200, "Läget."),
    )
    async def standing(actor: Operator) -> Rotation:
        del actor
        return Rotation.of(service, await rewrapping.standing())

    @router.post(
        "/steps",
        summary="Ta ett steg i bytet av huvudnyckel",
        description="Nycklar slås in på nytt; läsningar pågår som vanligt. Keys are wrapped anew.",
        responses=documented(Rotation, 200, "Läget efter steget."),
    )
    async def step(
        actor: Operator,
        limit: Annotated[int, Query(ge=1, le=2000, description="Högst så många nycklar.")] = 500,
    ) -> Rotation:
        del actor
        return Rotation.of(service, await rewrapping.step(limit))

    return router
