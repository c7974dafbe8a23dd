"""`/v1/cases/{id}/closure`: one proposes, another decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.mentoring.api.answering import case_answer
from services.mentoring.api.case_models import CaseChanged
from services.mentoring.api.cases import Insider
from services.mentoring.api.work_models import ClosureIn, VerdictIn
from services.mentoring.domain.ids import CaseId
from services.mentoring.use_cases.close_case import (
    ApproveClosure,
    ProposeClosure,
    RefuseClosure,
    WithdrawClosure,
)
from shared.web.etags import IfMatch
from shared.web.examples import documented, sent
from shared.web.idempotency import AskedOnce, respond


@dataclass(frozen=True, slots=True)
class ClosureDesk:
    """What the routes ask."""

    propose: ProposeClosure
    approve: ApproveClosure
    refuse: RefuseClosure
    withdraw: WithdrawClosure


def routes(desk: ClosureDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/cases/{case_id}/closure", tags=["closure"])
    _proposing(router, desk)
    _deciding(router, desk)
    return router


def _proposing(router: APIRouter, desk: ClosureDesk) -> None:
    @router.post(
        "",
        summary="Föreslå avslut",
        description=ProposeClosure.__doc__ or "",
        responses=documented(CaseChanged, 200, "Avslutet är föreslaget."),
    )
    async def proposed(
        actor: Insider,
        case_id: str,
        wanted: Annotated[ClosureIn, sent(ClosureIn)],
        seen: IfMatch,
        once: AskedOnce,
    ) -> Response:
        answer = await desk.propose(
            CaseId(case_id),
            wanted.wanted(),
            seen=seen,
            by=actor,
            once=once,
            present=case_answer(),
        )
        return respond(answer)

    @router.post(
        "/withdrawal",
        summary="Ta tillbaka förslaget",
        description=WithdrawClosure.__doc__ or "",
        responses=documented(CaseChanged, 200, "Förslaget är taget tillbaka."),
    )
    async def withdrawn(actor: Insider, case_id: str, seen: IfMatch, once: AskedOnce) -> Response:
        answer = await desk.withdraw(
            CaseId(case_id), seen=seen, by=actor, once=once, present=case_answer()
        )
        return respond(answer)


def _deciding(router: APIRouter, desk: ClosureDesk) -> None:
    @router.post(
        "/verdict",
        summary="Besluta om avslutet",
        description=f"{ApproveClosure.__doc__} {RefuseClosure.__doc__}",
        responses=documented(CaseChanged, 200, "Beslutet är fattat."),
    )
    async def decided(
        actor: Insider,
        case_id: str,
        wanted: Annotated[VerdictIn, sent(VerdictIn)],
        seen: IfMatch,
        once: AskedOnce,
    ) -> Response:
        present = case_answer()
        if wanted.approve:
            answer = await desk.approve(
                CaseId(case_id), seen=seen, by=actor, once=once, present=present
            )
        else:
            answer = await desk.refuse(
                CaseId(case_id),
                wanted.reason or "",
                seen=seen,
                by=actor,
                once=once,
                present=present,
            )
        return respond(answer)
