"""`/v1/cases/{id}/assessments`, and the questionnaires that they answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter
from starlette.responses import Response

from services.mentoring.api.answering import made_answer
from services.mentoring.api.case_models import CaseChanged
from services.mentoring.api.cases import Insider
from services.mentoring.api.work_models import AssessmentIn, AssessmentOut
from services.mentoring.domain.ids import CaseId
from services.mentoring.use_cases.assess import (
    Questionnaires,
    ReadAssessments,
    RecordAssessment,
    as_data,
)
from shared.kernel.actor import Actor
from shared.kernel.refusal import NotFound
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import signed_in_only


@dataclass(frozen=True, slots=True)
class AssessmentDesk:
    """What the routes ask."""

    record: RecordAssessment
    read: ReadAssessments
    questionnaires: Questionnaires


def routes(desk: AssessmentDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1", tags=["assessments"])
    _asking(router, desk.questionnaires)

    @router.post(
        "/cases/{case_id}/assessments",
        status_code=201,
        summary="Gör en bedömning",
        description=RecordAssessment.__doc__ or "",
        responses=documented(CaseChanged, 201, "Bedömningen är gjord."),
    )
    async def recorded(
        actor: Insider,
        case_id: str,
        wanted: Annotated[AssessmentIn, sent(AssessmentIn)],
        once: AskedOnce,
    ) -> Response:
        answer = await desk.record(
            CaseId(case_id),
            wanted.questionnaire,
            wanted.answers,
            by=actor,
            once=once,
            present=made_answer,
        )
        return respond(answer)

    @router.get(
        "/cases/{case_id}/assessments",
        summary="Bedömningar",
        description=ReadAssessments.__doc__ or "",
        responses={200: listed_example(AssessmentOut)},
    )
    async def read(actor: Insider, case_id: str, page: Page) -> Listing[AssessmentOut]:
        found, total = await desk.read(
            CaseId(case_id), by=actor, limit=page.limit, offset=page.offset
        )
        return listing([AssessmentOut.of(each) for each in found], total, page)

    return router


def _asking(router: APIRouter, questionnaires: Questionnaires) -> None:
    example: Mapping[str, Any] = {"id": "first-assessment", "version": 1}

    @router.get(
        "/questionnaires/{questionnaire_id}",
        summary="Ett frågeformulär",
        description="Frågorna i en bedömning, på svenska och engelska. The questions, as data.",
        responses={
            200: {
                "description": "Formuläret.",
                "content": {"application/json": {"example": example}},
            }
        },
    )
    async def shown(
        _: Annotated[Actor, signed_in_only("questions are no secret among staff")],
        questionnaire_id: str,
    ) -> dict[str, Any]:
        found = questionnaires.get(questionnaire_id)
        if found is None:
            raise NotFound
        return as_data(found)
