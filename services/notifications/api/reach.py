"""How many a reminder would reach, and how: channels, never addresses."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from services.notifications.api.models import Reach, ReachOut
from services.notifications.use_cases.see_reach import SeeReach
from shared.kernel.actor import Actor
from shared.web.permissions import needs

_MOST = 100
_Id = Annotated[str, Query(max_length=100)]


def routes(see: SeeReach) -> APIRouter:
    """`/v1/reach`."""
    router = APIRouter(prefix="/v1", tags=["recipients"])

    @router.get("/reach", description=SeeReach.__doc__ or "")
    async def reach(
        actor: Annotated[Actor, needs("reach.read")],
        about: Annotated[
            list[_Id],
            Query(max_length=_MOST, min_length=1, description="bokningars id"),
        ],
    ) -> Reach:
        found = await see(about, by=actor)
        return Reach(items=[ReachOut.of(each) for each in found])

    return router
