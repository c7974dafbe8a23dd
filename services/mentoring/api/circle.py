"""`/v1/cases/{id}/circle`: who stands around a case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.mentoring.api.answering import case_answer
from services.mentoring.api.case_models import (
    AbsenceIn,
    CaseChanged,
    HandOverIn,
    RelationIn,
    Username,
)
from services.mentoring.api.cases import Insider
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.ids import Username as Name
from services.mentoring.domain.rights import FieldGroup
from services.mentoring.use_cases.change_circle import Assign, HandOver, SayLeadIsAway, Unassign
from shared.web.etags import IfMatch
from shared.web.examples import documented, sent
from shared.web.idempotency import AskedOnce, respond

_DONE = documented(CaseChanged, 200, "Kretsen är ändrad.")


@dataclass(frozen=True, slots=True)
class CircleDesk:
    """What the routes ask."""

    assign: Assign
    unassign: Unassign
    hand_over: HandOver
    away: SayLeadIsAway


def routes(desk: CircleDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/cases/{case_id}", tags=["circle"])
    _joining(router, desk)
    _handing_over(router, desk)
    _being_away(router, desk)
    return router


def _joining(router: APIRouter, desk: CircleDesk) -> None:
    @router.put(
        "/circle/{username}",
        summary="Ta in någon i kretsen",
        description=Assign.__doc__ or "",
        responses=_DONE,
    )
    async def assigned(
        actor: Insider,
        case_id: str,
        username: Username,
        wanted: Annotated[RelationIn, sent(RelationIn)],
        seen: IfMatch,
    ) -> Response:
        answer = await desk.assign(
            CaseId(case_id),
            Name(username),
            wanted.kind,
            sees=_groups(wanted.sees),
            seen=seen,
            by=actor,
            present=case_answer(),
        )
        return respond(answer)

    @router.delete(
        "/circle/{username}",
        summary="Ta ut någon ur kretsen",
        description=Unassign.__doc__ or "",
        responses=_DONE,
    )
    async def unassigned(
        actor: Insider, case_id: str, username: Username, seen: IfMatch
    ) -> Response:
        answer = await desk.unassign(
            CaseId(case_id), Name(username), seen=seen, by=actor, present=case_answer()
        )
        return respond(answer)


def _handing_over(router: APIRouter, desk: CircleDesk) -> None:
    @router.post(
        "/hand-over",
        summary="Lämna över",
        description=HandOver.__doc__ or "",
        responses=_DONE,
    )
    async def handed_over(
        actor: Insider,
        case_id: str,
        wanted: Annotated[HandOverIn, sent(HandOverIn)],
        seen: IfMatch,
        once: AskedOnce,
    ) -> Response:
        answer = await desk.hand_over(
            CaseId(case_id),
            Name(wanted.leaving),
            Name(wanted.to),
            sees=_groups(wanted.sees),
            seen=seen,
            by=actor,
            once=once,
            present=case_answer(),
        )
        return respond(answer)


def _being_away(router: APIRouter, desk: CircleDesk) -> None:
    @router.put(
        "/lead-absence",
        summary="Den ansvariga är borta",
        description=SayLeadIsAway.__doc__ or "",
        responses=_DONE,
    )
    async def away(
        actor: Insider,
        case_id: str,
        wanted: Annotated[AbsenceIn, sent(AbsenceIn)],
        seen: IfMatch,
    ) -> Response:
        answer = await desk.away(
            CaseId(case_id), wanted.until, seen=seen, by=actor, present=case_answer()
        )
        return respond(answer)

    @router.delete(
        "/lead-absence",
        summary="Den ansvariga är tillbaka",
        description=SayLeadIsAway.__doc__ or "",
        responses=_DONE,
    )
    async def back(actor: Insider, case_id: str, seen: IfMatch) -> Response:
        answer = await desk.away(CaseId(case_id), None, seen=seen, by=actor, present=case_answer())
        return respond(answer)


def _groups(named: list[FieldGroup] | None) -> frozenset[FieldGroup] | None:
    return None if named is None else frozenset(named)
