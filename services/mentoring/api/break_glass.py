"""`/v1/cases/{id}/break-glass`: emergency access, and its judgement by somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.mentoring.api.answering import case_answer
from services.mentoring.api.case_models import CaseChanged
from services.mentoring.api.cases import Insider
from services.mentoring.api.glass_models import (
    GlassByWordsIn,
    GlassByWordsOut,
    GlassIn,
    GlassOut,
    GlassReviewIn,
)
from services.mentoring.domain.case import Case
from services.mentoring.domain.ids import CaseId, GlassId
from services.mentoring.use_cases.open_glass import (
    ConfirmGlass,
    EndGlass,
    FindByWords,
    OpenGlass,
    ReviewGlass,
)
from shared.kernel.actor import Actor
from shared.web.examples import documented, sent
from shared.web.idempotency import Answer, AskedOnce, respond
from shared.web.permissions import needs


@dataclass(frozen=True, slots=True)
class GlassDesk:
    """What the routes ask."""

    open: OpenGlass
    find: FindByWords
    confirm: ConfirmGlass
    end: EndGlass
    review: ReviewGlass


def routes(desk: GlassDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1", tags=["break-glass"])
    of_a_case = APIRouter(prefix="/cases/{case_id}/break-glass")
    _opening(of_a_case, desk)
    _judging(of_a_case, desk)
    _opening_by_words(router, desk)
    router.include_router(of_a_case)
    return router


def _opening_by_words(router: APIRouter, desk: GlassDesk) -> None:
    @router.post(
        "/break-glass",
        status_code=201,
        summary="Nödöppna med kodorden",
        description=f"{OpenGlass.__doc__} {FindByWords.__doc__}",
        responses=documented(GlassByWordsOut, 201, "Nödöppningen är gjord, eller väntar."),
    )
    async def opened(
        actor: Annotated[Actor, needs("cases.open-glass")],
        wanted: Annotated[GlassByWordsIn, sent(GlassByWordsIn)],
        once: AskedOnce,
    ) -> Response:
        answer = await desk.open(
            await desk.find(wanted.pseudonym, by=actor),
            wanted.reason,
            wanted.text,
            wanted.minutes,
            by=actor,
            once=once,
            present=_opened_by_words,
        )
        return respond(answer)


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
        "/{glass_id}/ending",
        summary="Lämna tillbaka en nödöppning",
        description=EndGlass.__doc__ or "",
        responses=documented(CaseChanged, 200, "Nödöppningen är över."),
    )
    async def ended(actor: Insider, case_id: str, glass_id: str, once: AskedOnce) -> Response:
        answer = await desk.end(
            CaseId(case_id), GlassId(glass_id), by=actor, once=once, present=case_answer()
        )
        return respond(answer)

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


def _opened_by_words(case: Case, made: str) -> Answer:
    return Answer.of(201, GlassByWordsOut(made=made, case_id=case.id))
