"""`/v1/cases/{id}/concern`, `/protection` and `/legal-hold`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.mentoring.api.answering import case_answer
from services.mentoring.api.case_models import CaseChanged
from services.mentoring.api.cases import Insider
from services.mentoring.api.protection_models import (
    ConcernDecisionIn,
    ConcernIn,
    HoldIn,
    HoldOut,
    NamedIn,
)
from services.mentoring.domain.ids import CaseId
from services.mentoring.domain.ids import Username as Name
from services.mentoring.use_cases.protect_case import Hold, LiftProtection, Protect, SeeHold
from services.mentoring.use_cases.raise_concern import DecideConcern, RaiseConcern
from shared.web.etags import IfMatch
from shared.web.examples import documented, sent
from shared.web.idempotency import AskedOnce, respond

_DONE = documented(CaseChanged, 200, "Det är gjort.")
Reason = Annotated[str, Query(pattern=r"^[a-z0-9-]{1,40}$", description="En kod ur listan.")]


@dataclass(frozen=True, slots=True)
class ProtectionDesk:
    """What the routes ask."""

    worry: RaiseConcern
    decide: DecideConcern
    protect: Protect
    lift: LiftProtection
    hold: Hold
    see_hold: SeeHold


def routes(desk: ProtectionDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/cases/{case_id}", tags=["protection"])
    _concern(router, desk)
    _protection(router, desk)
    _hold(router, desk)
    return router


def _concern(router: APIRouter, desk: ProtectionDesk) -> None:
    @router.post(
        "/concern",
        summary="Säg att du är orolig",
        description=RaiseConcern.__doc__ or "",
        responses=_DONE,
    )
    async def worried(
        actor: Insider, case_id: str, wanted: Annotated[ConcernIn, sent(ConcernIn)], once: AskedOnce
    ) -> Response:
        answer = await desk.worry(
            CaseId(case_id), wanted.text, by=actor, once=once, present=case_answer()
        )
        return respond(answer)

    @router.post(
        "/concern/decision",
        summary="Besluta om orosanmälan",
        description=DecideConcern.__doc__ or "",
        responses=_DONE,
    )
    async def decided(
        actor: Insider,
        case_id: str,
        wanted: Annotated[ConcernDecisionIn, sent(ConcernDecisionIn)],
        seen: IfMatch,
        once: AskedOnce,
    ) -> Response:
        answer = await desk.decide(
            CaseId(case_id),
            wanted.reason,
            wanted.text,
            reported=wanted.reported,
            seen=seen,
            by=actor,
            once=once,
            present=case_answer(),
        )
        return respond(answer)


def _protection(router: APIRouter, desk: ProtectionDesk) -> None:
    @router.put(
        "/protection",
        summary="Skydda identiteten",
        description=Protect.__doc__ or "",
        responses=_DONE,
    )
    async def protected(
        actor: Insider, case_id: str, wanted: Annotated[NamedIn, sent(NamedIn)], seen: IfMatch
    ) -> Response:
        named = frozenset(Name(each) for each in wanted.named)
        answer = await desk.protect(
            CaseId(case_id), named, seen=seen, by=actor, present=case_answer()
        )
        return respond(answer)

    @router.delete(
        "/protection",
        summary="Ta bort skyddet",
        description=LiftProtection.__doc__ or "",
        responses=_DONE,
    )
    async def lifted(actor: Insider, case_id: str, reason: Reason, seen: IfMatch) -> Response:
        answer = await desk.lift(
            CaseId(case_id), reason, seen=seen, by=actor, present=case_answer()
        )
        return respond(answer)


def _hold(router: APIRouter, desk: ProtectionDesk) -> None:
    @router.get(
        "/legal-hold",
        summary="Om den måste sparas",
        description=SeeHold.__doc__ or "",
        responses=documented(HoldOut, 200, "Om den måste sparas, och varför."),
    )
    async def seen(actor: Insider, case_id: str) -> HoldOut:
        return HoldOut.of(await desk.see_hold(CaseId(case_id), by=actor))

    @router.put(
        "/legal-hold",
        summary="Måste sparas",
        description=Hold.__doc__ or "",
        responses=_DONE,
    )
    async def held(
        actor: Insider, case_id: str, wanted: Annotated[HoldIn, sent(HoldIn)]
    ) -> Response:
        answer = await desk.hold(CaseId(case_id), wanted.reason, by=actor, present=case_answer())
        return respond(answer)

    @router.delete(
        "/legal-hold",
        summary="Behöver inte sparas längre",
        description=Hold.__doc__ or "",
        responses=_DONE,
    )
    async def freed(actor: Insider, case_id: str) -> Response:
        answer = await desk.hold(CaseId(case_id), None, by=actor, present=case_answer())
        return respond(answer)
