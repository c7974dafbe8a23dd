"""`/v1/cases`: what you see of a case, and taking it further."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.mentoring.api.answering import about, case_answer
from services.mentoring.api.case_list import Wanted
from services.mentoring.api.case_models import CaseChanged, CaseOut
from services.mentoring.api.identity_models import NewCase
from services.mentoring.api.step_models import CaseShown, StepIn, StepOut
from services.mentoring.domain.ids import CaseId
from services.mentoring.use_cases.advance_case import AdvanceCase
from services.mentoring.use_cases.list_cases import ListCases
from services.mentoring.use_cases.open_case import OpenCase
from services.mentoring.use_cases.see_case import SeeCase, SeeSteps
from shared.kernel.actor import Actor
from shared.web.etags import IfMatch, etag
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs, signed_in_only

Insider = Annotated[
    Actor, signed_in_only("the policy decides on the case itself, and a no leaves a trace")
]

StepOrder = Annotated[
    Literal["oldest", "newest"], Query(description="Äldsta eller nyaste steget först.")
]


@dataclass(frozen=True, slots=True)
class CaseDesk:
    """What the routes ask."""

    listed: ListCases
    see: SeeCase
    steps: SeeSteps
    advance: AdvanceCase
    open: OpenCase


def routes(desk: CaseDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/cases", tags=["cases"])
    _reading(router, desk)
    _opening(router, desk)
    _advancing(router, desk)
    return router


def _reading(router: APIRouter, desk: CaseDesk) -> None:
    @router.get(
        "",
        summary="Mina ärenden",
        description=ListCases.__doc__ or "",
        responses={200: listed_example(CaseOut)},
    )
    async def listed(actor: Insider, page: Page, wanted: Wanted) -> Listing[CaseOut]:
        found = await desk.listed(wanted, by=actor, limit=page.limit, offset=page.offset)
        return listing([CaseOut.of(each) for each in found.items], found.total, page)

    @router.get(
        "/{case_id}",
        summary="Ett ärende",
        description=SeeCase.__doc__ or "",
        responses=documented(CaseShown, 200, "Ärendet, med ETag."),
    )
    async def shown(actor: Insider, case_id: str, response: Response) -> CaseShown:
        seen, may = await desk.see(CaseId(case_id), by=actor)
        response.headers["ETag"] = etag(seen.case.version)
        return CaseShown.with_rights(seen, may)

    @router.get(
        "/{case_id}/steps",
        summary="Vad som har gjorts",
        description=SeeSteps.__doc__ or "",
        responses={200: listed_example(StepOut)},
    )
    async def steps(
        actor: Insider, case_id: str, page: Page, sort: StepOrder = "oldest"
    ) -> Listing[StepOut]:
        found, total = await desk.steps(
            CaseId(case_id),
            newest_first=sort == "newest",
            by=actor,
            limit=page.limit,
            offset=page.offset,
        )
        return listing([StepOut.of(each) for each in found], total, page)


def _opening(router: APIRouter, desk: CaseDesk) -> None:
    @router.post(
        "",
        status_code=201,
        summary="Öppna ett ärende",
        description=OpenCase.__doc__ or "",
        responses=documented(CaseChanged, 201, "Ärendet är öppnat."),
    )
    async def opened(
        actor: Annotated[Actor, needs("cases.open")],
        wanted: Annotated[NewCase, sent(NewCase)],
        once: AskedOnce,
    ) -> Response:
        new = wanted.wanted(actor.username)
        answer = await desk.open(new, by=actor, once=once, present=case_answer(201), about=about)
        return respond(answer)


def _advancing(router: APIRouter, desk: CaseDesk) -> None:
    @router.post(
        "/{case_id}/steps",
        summary="Ta ärendet vidare",
        description=AdvanceCase.__doc__ or "",
        responses=documented(CaseChanged, 200, "Steget är taget."),
    )
    async def advanced(
        actor: Insider,
        case_id: str,
        wanted: Annotated[StepIn, sent(StepIn)],
        seen: IfMatch,
        once: AskedOnce,
    ) -> Response:
        answer = await desk.advance(
            CaseId(case_id),
            wanted.step,
            reason=wanted.reason or "",
            review_on=wanted.review_on,
            seen=seen,
            by=actor,
            once=once,
            present=case_answer(),
        )
        return respond(answer)
