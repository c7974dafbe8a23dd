"""`/v1/cases/{id}/break-glass`: emergency access, and its judgement by somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.mentoring.api.answering import case_answer
from services.mentoring.api.case_models import CaseChanged, GlassIn, GlassOut, GlassReviewIn
from services.mentoring.api.cases import Insider
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId, GlassId
from services.mentoring.use_cases.open_glass import ConfirmGlass, OpenGlass, ReviewGlass
from shared.web.examples import documented, sent
from shared.web.idempotency import Answer, AskedOnce, respond


@dataclass(frozen=True, slots=True)
class GlassDesk:
    """What the routes ask."""

    open: OpenGlass
    confirm: ConfirmGlass
    review: ReviewGlass


def routes(desk: GlassDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/cases/{case_id}/break-glass", tags=["break-glass"])
    _opening(router, desk)
    _judging(router, desk)
    return router


def _opening(router: APIRouter, desk: GlassDesk) -> None:
    @router.post(
        "",
        status_code=201,
        summary="Nödöppna",
        description=OpenGlass.__doc__ or "",
        responses=documented(GlassOut, 201, "Nödöppningen är gjord, eller väntar på en till."),
    )
    async def opened(
        actor: Insider,
        case_id: str,
        wanted: Annotated[GlassIn, sent(GlassIn)],
        once: AskedOnce,
    ) -> Response:
        answer = await desk.open(
            CaseId(case_id),
            wanted.reason,
            wanted.text,
            wanted.minutes,
            by=actor,
            once=once,
            present=_opened,
        )
        return respond(answer)

    @router.post(
        "/{glass_id}/confirmation",
        summary="Bekräfta en nödöppning",
        description=ConfirmGlass.__doc__ or "",
        responses=documented(CaseChanged, 200, "Nödöppningen gäller nu."),
    )
    async def confirmed(actor: Insider, case_id: str, glass_id: str, once: AskedOnce) -> Response:
        answer = await desk.confirm(
            CaseId(case_id), GlassId(glass_id), by=actor, once=once, present=case_answer()
        )
        return respond(answer)


def _judging(router: APIRouter, desk: GlassDesk) -> None:
    @router.post(
        "/{glass_id}/review",
        summary="Granska en nödöppning",
        description=ReviewGlass.__doc__ or "",
        responses=documented(CaseChanged, 200, "Nödöppningen är granskad."),
    )
    async def reviewed(
        actor: Insider,
        case_id: str,
        glass_id: str,
        wanted: Annotated[GlassReviewIn, sent(GlassReviewIn)],
        once: AskedOnce,
    ) -> Response:
        answer = await desk.review(
            CaseId(case_id),
            GlassId(glass_id),
            wanted.outcome,
            wanted.text,
            by=actor,
            once=once,
            present=case_answer(),
        )
        return respond(answer)


def _opened(_: Case, made: str) -> Answer:
    """That it is asked for; of the case nothing, as a protected one waits for a second person."""
    return Answer.of(201, GlassOut(made=made))
