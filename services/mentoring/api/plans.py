"""`/v1/cases/{id}/plan` and `/aftercare-plan`: whole and versioned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.mentoring.api.answering import case_answer
from services.mentoring.api.case_models import CaseChanged
from services.mentoring.api.cases import Insider
from services.mentoring.api.plan_models import PlanIn, PlanOut
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.planning import PlanKind
from services.mentoring.use_cases.plan_support import ChangePlan, ReadPlan
from shared.web.etags import IfMatch, etag
from shared.web.examples import documented, sent
from shared.web.idempotency import respond

Version = Annotated[
    int | None, Query(ge=1, le=100_000, description="En tidigare version; annars den senaste.")
]


@dataclass(frozen=True, slots=True)
class PlanDesk:
    """What the routes ask."""

    change: ChangePlan
    read: ReadPlan


def routes(desk: PlanDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/cases/{case_id}", tags=["plans"])
    _of(router, desk, "/plan", "support", "Plan")
    _of(router, desk, "/aftercare-plan", "aftercare", "Eftervårdsplan")
    return router


def _of(router: APIRouter, desk: PlanDesk, path: str, kind: PlanKind, name: str) -> None:
    @router.get(
        path,
        summary=name,
        description=ReadPlan.__doc__ or "",
        responses=documented(PlanOut, 200, "Planen, med ärendets ETag."),
        operation_id=f"read_{kind}_plan",
    )
    async def read(
        actor: Insider, case_id: str, response: Response, version: Version = None
    ) -> PlanOut:
        seen = await desk.read(CaseId(case_id), kind, version, by=actor)
        response.headers["ETag"] = etag(seen.case_version)
        return PlanOut.of(seen)

    @router.put(
        path,
        summary=f"{name}: ändra",
        description=ChangePlan.__doc__ or "",
        responses=documented(CaseChanged, 200, "Planen är ändrad."),
        operation_id=f"change_{kind}_plan",
    )
    async def changed(
        actor: Insider, case_id: str, wanted: Annotated[PlanIn, sent(PlanIn)], seen: IfMatch
    ) -> Response:
        goals = [each.goal() for each in wanted.goals]
        answer = await desk.change(
            CaseId(case_id), kind, goals, seen=seen, by=actor, present=case_answer()
        )
        return respond(answer)
