"""`/v1/occasions`: dated occasions, their line and their attendance. For staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import StringConstraints
from starlette.responses import Response

from services.booking.api.answering import occasion_answer
from services.booking.api.interval import When, begins, ends
from services.booking.api.occasion_models import (
    NewOccasion,
    OccasionChange,
    OccasionOut,
    Reason,
)
from services.booking.domain.changing import Changes
from services.booking.use_cases.cancel_occasion import CancelOccasion
from services.booking.use_cases.change_occasion import ChangeOccasion
from services.booking.use_cases.occasion_lists import Condition, OccasionsWanted, Order
from services.booking.use_cases.ports import Occasions
from services.booking.use_cases.publish_occasion import OccasionWanted, PublishOccasion
from services.booking.use_cases.see_booking import SeeOccasion
from shared.kernel.actor import Actor
from shared.kernel.ids import ActivityId, OccasionId
from shared.web.etags import IfMatch, etag
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_Reader = Annotated[Actor, needs("occasions.read")]
_Id = Annotated[str, StringConstraints(max_length=64)]
_Writer = Annotated[Actor, needs("occasions.write")]


@dataclass(frozen=True, slots=True)
class OccasionDesk:
    """What the routes ask."""

    occasions: Occasions
    see: SeeOccasion
    publish: PublishOccasion
    change: ChangeOccasion
    cancel: CancelOccasion


def routes(desk: OccasionDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/occasions", tags=["occasions"])
    _listing(router, desk)
    _reading(router, desk)
    _changing(router, desk)
    _cancelling(router, desk)
    return router


def _listing(router: APIRouter, desk: OccasionDesk) -> None:
    @router.get(
        "",
        summary="Tillfällen",
        description="Tillfällen som börjar i intervallet, tidigast först. `state` är hur det står "
        "till, `q` en del av namnet, `mine` dem man själv leder. Occasions that start in "
        "the interval, earliest first; counts are people. `state` is how it stands, `q` a part of "
        "the title, `mine` those that one leads oneself, `id` (more than once) only these.",
        responses={200: listed_example(OccasionOut)},
    )
    async def listed(
        actor: _Reader,
        page: Page,
        since: Annotated[When, Query(alias="from")] = None,
        until: Annotated[When, Query(alias="to")] = None,
        activity_id: Annotated[str | None, Query(max_length=64)] = None,
        room: Annotated[str | None, Query(max_length=200, description="lokalens namn")] = None,
        q: Annotated[str | None, Query(max_length=100)] = None,
        state: Annotated[Condition | None, Query()] = None,
        mine: Annotated[bool, Query()] = False,
        sort: Annotated[Order, Query()] = "starts_at",
        among: Annotated[list[_Id] | None, Query(alias="id", max_length=100)] = None,
    ) -> Listing[OccasionOut]:
        wanted = OccasionsWanted(
            first=begins(since),
            end=ends(until),
            activity_id=ActivityId(activity_id) if activity_id else None,
            room=room,
            words=q,
            condition=state,
            led_by=actor.username if mine else None,
            order=sort,
            among=tuple(OccasionId(each) for each in among or ()),
        )
        found = await desk.occasions.listed(wanted, limit=page.limit, offset=page.offset, by=actor)
        return listing([OccasionOut.of_summary(each) for each in found.items], found.total, page)


def _reading(router: APIRouter, desk: OccasionDesk) -> None:
    @router.get(
        "/{occasion_id}",
        summary="Ett tillfälle",
        description=SeeOccasion.__doc__ or "",
        responses=documented(OccasionOut, 200, "Tillfället, med ETag."),
    )
    async def shown(
        actor: _Reader,
        occasion_id: str,
        response: Response,
    ) -> OccasionOut:
        occasion = await desk.see(OccasionId(occasion_id), by=actor)
        response.headers["ETag"] = etag(occasion.version)
        return OccasionOut.of(occasion)


def _changing(router: APIRouter, desk: OccasionDesk) -> None:
    @router.post(
        "",
        status_code=201,
        summary="Nytt tillfälle",
        description=PublishOccasion.__doc__ or "",
        responses=documented(OccasionOut, 201, "Tillfället går att boka."),
    )
    async def published(
        actor: _Writer,
        wanted: Annotated[NewOccasion, sent(NewOccasion)],
        once: AskedOnce,
    ) -> Response:
        new = OccasionWanted(
            activity_id=ActivityId(wanted.activity_id),
            starts_local=datetime.fromisoformat(wanted.starts_local),
            zone=wanted.zone,
            minutes=wanted.minutes,
            room=wanted.room,
            capacity=wanted.capacity,
            leaders=tuple(wanted.leaders),
            audience=wanted.target_group,
        )
        present = occasion_answer(OccasionOut.of, 201)
        return respond(await desk.publish(new, by=actor, once=once, present=present))

    @router.patch(
        "/{occasion_id}",
        summary="Ändra ett tillfälle",
        description=ChangeOccasion.__doc__ or "",
        responses=documented(OccasionOut, 200, "Tillfället som det är nu."),
    )
    async def changed(
        _: _Writer,
        occasion_id: str,
        wanted: Annotated[OccasionChange, sent(OccasionChange)],
        version: IfMatch,
    ) -> Response:
        changes = _changes(wanted)
        present = occasion_answer(OccasionOut.of)
        answer = await desk.change(
            OccasionId(occasion_id), changes, version=version, present=present
        )
        return respond(answer)


def _cancelling(router: APIRouter, desk: OccasionDesk) -> None:
    @router.post(
        "/{occasion_id}/cancellation",
        summary="Ställ in ett tillfälle",
        description=CancelOccasion.__doc__ or "",
        responses=documented(OccasionOut, 200, "Tillfället är inställt."),
    )
    async def cancelled(
        _: _Writer,
        occasion_id: str,
        wanted: Annotated[Reason, sent(Reason)],
        version: IfMatch,
        once: AskedOnce,
    ) -> Response:
        present = occasion_answer(OccasionOut.of)
        answer = await desk.cancel(
            OccasionId(occasion_id),
            reason=wanted.reason,
            version=version,
            once=once,
            present=present,
        )
        return respond(answer)


def _changes(wanted: OccasionChange) -> Changes:
    starts = wanted.starts_local
    return Changes(
        capacity=wanted.capacity,
        starts_local=datetime.fromisoformat(starts) if starts else None,
        zone=wanted.zone,
        minutes=wanted.minutes,
        room=wanted.room,
        leaders=wanted.leaders,
        title=wanted.title,
        audience=wanted.target_group,
    )
