"""`/v1/activities`: what is offered."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.booking.api.occasion_models import ActivityOut, NewActivity
from services.booking.use_cases.ports import Activities
from services.booking.use_cases.publish_occasion import AddActivity
from shared.kernel.actor import Actor
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import Answer, AskedOnce, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs


def routes(activities: Activities, add: AddActivity) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/v1/activities", tags=["activities"])

    @router.get(
        "",
        summary="Aktiviteter",
        description="Vad som erbjuds, efter namn. What is offered, by title.",
        responses={200: listed_example(ActivityOut)},
    )
    async def listed(
        actor: Annotated[Actor, needs("activities.read")],
        page: Page,
    ) -> Listing[ActivityOut]:
        found = await activities.listed(limit=page.limit, offset=page.offset, by=actor)
        return listing([ActivityOut.of(each) for each in found.items], found.total, page)

    @router.post(
        "",
        status_code=201,
        summary="Ny aktivitet",
        description=AddActivity.__doc__ or "",
        responses=documented(ActivityOut, 201, "Aktiviteten finns."),
    )
    async def added(
        _: Annotated[Actor, needs("activities.write")],
        wanted: Annotated[NewActivity, sent(NewActivity)],
        once: AskedOnce,
    ) -> Response:
        answer = await add(
            title=wanted.title,
            kind=wanted.kind,
            audience=wanted.audience,
            description=wanted.description,
            once=once,
            present=lambda activity: Answer.of(201, ActivityOut.of(activity)),
        )
        return respond(answer)

    return router
