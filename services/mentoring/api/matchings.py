"""`/v1/matchings`, and what matching sees of a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.mentoring.api.answering import case_answer, made_answer
from services.mentoring.api.case_models import CaseChanged
from services.mentoring.api.cases import Insider
from services.mentoring.api.matching_models import (
    DecisionIn,
    MatchingIn,
    MatchingListed,
    MatchingMade,
    MatchingOut,
)
from services.mentoring.api.needs_models import NeedsIn, NeedsOut
from services.mentoring.domain.ids import CaseId
from services.mentoring.use_cases.decide_match import DecideMatch
from services.mentoring.use_cases.make_matching import MakeMatching
from services.mentoring.use_cases.matching_needs import ReadNeeds, RecordNeeds
from services.mentoring.use_cases.see_matching import ListMatchings, SeeMatching
from shared.kernel.actor import Actor
from shared.web.etags import IfMatch, etag
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import Answer, AskedOnce, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs


@dataclass(frozen=True, slots=True)
class MatchingDesk:
    """What the routes ask."""

    record: RecordNeeds
    read: ReadNeeds
    make: MakeMatching
    listed: ListMatchings
    see: SeeMatching
    decide: DecideMatch


def routes(desk: MatchingDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(tags=["matchings"])
    _needs(router, desk)
    _making(router, desk)
    _deciding(router, desk)
    return router


def _needs(router: APIRouter, desk: MatchingDesk) -> None:
    path = "/v1/cases/{case_id}/matching-needs"

    @router.get(
        path,
        summary="Vad matchningen ser",
        description=ReadNeeds.__doc__ or "",
        responses=documented(NeedsOut, 200, "Behoven, med ärendets ETag."),
    )
    async def read(actor: Insider, case_id: str, response: Response) -> NeedsOut:
        recorded, version = await desk.read(CaseId(case_id), by=actor)
        response.headers["ETag"] = etag(version)
        return NeedsOut.of(recorded)

    @router.put(
        path,
        summary="Vad matchningen ska se",
        description=RecordNeeds.__doc__ or "",
        responses=documented(CaseChanged, 200, "Behoven är nedskrivna."),
    )
    async def recorded(
        actor: Insider, case_id: str, wanted: Annotated[NeedsIn, sent(NeedsIn)], seen: IfMatch
    ) -> Response:
        answer = await desk.record(
            CaseId(case_id), wanted.needs(), seen=seen, by=actor, present=case_answer()
        )
        return respond(answer)


def _making(router: APIRouter, desk: MatchingDesk) -> None:
    @router.post(
        "/v1/matchings",
        status_code=201,
        summary="Matcha",
        description=MakeMatching.__doc__ or "",
        responses=documented(MatchingMade, 201, "Matchningen är gjord; den beslutar ingenting."),
    )
    async def made(
        actor: Annotated[Actor, needs("matchings.decide")],
        wanted: Annotated[MatchingIn, sent(MatchingIn)],
        once: AskedOnce,
    ) -> Response:
        return respond(await desk.make(wanted.wanted(), by=actor, once=once, present=_made))

    @router.get(
        "/v1/matchings",
        summary="Matchningar",
        description=ListMatchings.__doc__ or "",
        responses={200: listed_example(MatchingListed)},
    )
    async def listed(
        actor: Annotated[Actor, needs("matchings.read")], page: Page
    ) -> Listing[MatchingListed]:
        found, total = await desk.listed(by=actor, limit=page.limit, offset=page.offset)
        return listing([MatchingListed.of_head(each) for each in found], total, page)

    @router.get(
        "/v1/matchings/{matching_id}",
        summary="En matchning",
        description=SeeMatching.__doc__ or "",
        responses=documented(MatchingOut, 200, "Förslag, och varför inte för dem som inte fick."),
    )
    async def shown(
        actor: Annotated[Actor, needs("matchings.read")], matching_id: str
    ) -> MatchingOut:
        return MatchingOut.of(await desk.see(matching_id, by=actor))


def _deciding(router: APIRouter, desk: MatchingDesk) -> None:
    @router.post(
        "/v1/matchings/{matching_id}/decisions",
        status_code=201,
        summary="Bestäm vem som blir mentor",
        description=DecideMatch.__doc__ or "",
        responses=documented(CaseChanged, 201, "Beslutet är nedskrivet och mentorn är i kretsen."),
    )
    async def decided(
        actor: Annotated[Actor, needs("matchings.decide")],
        matching_id: str,
        wanted: Annotated[DecisionIn, sent(DecisionIn)],
        once: AskedOnce,
    ) -> Response:
        answer = await desk.decide(
            matching_id, wanted.wanted(), by=actor, once=once, present=made_answer
        )
        return respond(answer)


def _made(matching_id: str) -> Answer:
    return Answer.of(
        201, MatchingMade(id=matching_id), {"Location": f"/v1/matchings/{matching_id}"}
    )
