"""`/v1/programme`: what is coming, for everybody; and the schools that a form can suggest."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from services.booking.api.interval import When, begins, ends
from services.booking.api.programme_models import ChoicesOut, ProgrammeEntry, SchoolsOut
from services.booking.domain.activity import ActivityKind
from services.booking.spreadsheets.schools import school_names
from services.booking.use_cases.see_programme import SeeProgramme, Wanted
from shared.kernel.actor import Actor
from shared.kernel.ids import ActivityId, OccasionId
from shared.web.examples import documented, listed_example
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import open_to_all
from shared.web.unchanged import answer_if_changed

_Anybody = Annotated[Actor, open_to_all("the programme is for everybody")]
_A_MOMENT = {"Cache-Control": "public, max-age=5"}
"""Places come and go; whoever decides on them is asked when they are booked."""
_A_WHILE = {"Cache-Control": "public, max-age=30"}
_A_DAY = {"Cache-Control": "public, max-age=86400"}
_Word = Annotated[str | None, Query(max_length=200)]


def routes(see: SeeProgramme) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1", tags=["programme"])
    _listed(router, see)
    _one(router, see)
    _schools(router)
    return router


def _listed(router: APIRouter, see: SeeProgramme) -> None:
    @router.get(
        "/programme",
        summary="Programmet",
        description=SeeProgramme.__doc__ or "",
        response_model=Listing[ProgrammeEntry],
        responses={200: listed_example(ProgrammeEntry)},
    )
    async def programme(
        actor: _Anybody,
        request: Request,
        page: Page,
        since: Annotated[When, Query(alias="from")] = None,
        until: Annotated[When, Query(alias="to")] = None,
        kind: Annotated[ActivityKind | None, Query()] = None,
        target_group: _Word = None,
        room: _Word = None,
        activity_id: Annotated[str | None, Query(max_length=64)] = None,
    ) -> Response:
        wanted = Wanted(
            first=begins(since),
            end=ends(until),
            kind=kind,
            audience=target_group,
            room=room,
            activity_id=ActivityId(activity_id) if activity_id is not None else None,
        )
        found = await see.listed(wanted, limit=page.limit, offset=page.offset, by=actor)
        items = [ProgrammeEntry.of(each) for each in found.items]
        return _shown(request, listing(items, found.total, page))


def _one(router: APIRouter, see: SeeProgramme) -> None:
    @router.get(
        "/programme/choices",
        summary="Programmets filter",
        description="Vad det finns att välja på bland det som kommer. What can be chosen among "
        "what is coming.",
        response_model=ChoicesOut,
        responses=documented(ChoicesOut, 200, "Valen."),
    )
    async def choices(actor: _Anybody, request: Request) -> Response:
        return _shown(request, ChoicesOut.of(await see.choices(by=actor)), _A_WHILE)

    @router.get(
        "/programme/{occasion_id}",
        summary="Ett tillfälle i programmet",
        description="Ett tillfälle, också när det har börjat eller är inställt. One occasion, "
        "also when it has begun or is cancelled.",
        response_model=ProgrammeEntry,
        responses=documented(ProgrammeEntry, 200, "Tillfället."),
    )
    async def one(actor: _Anybody, occasion_id: str, request: Request) -> Response:
        entry = await see.one(OccasionId(occasion_id), by=actor)
        return _shown(request, ProgrammeEntry.of(entry))


def _schools(router: APIRouter) -> None:
    @router.get(
        "/schools",
        summary="Skolor att föreslå",
        description="Namnen på de skolor vars kommun vi känner; ett formulär kan föreslå dem. "
        "Names of schools whose municipality is known.",
        response_model=SchoolsOut,
        responses=documented(SchoolsOut, 200, "Skolorna."),
    )
    async def schools(_: _Anybody, request: Request) -> Response:
        return _shown(request, SchoolsOut(schools=list(school_names())), _A_DAY)


def _shown(request: Request, answer: BaseModel, headers: dict[str, str] = _A_MOMENT) -> Response:
    body = answer.model_dump_json().encode()
    return answer_if_changed(request, body, "application/json", headers)
