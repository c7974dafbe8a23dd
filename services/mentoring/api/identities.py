"""`/v1/cases/{id}/identity`: who it is. `/v1/identity-searches`: whether it is one of yours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.mentoring.api.cases import Insider
from services.mentoring.api.identity_models import (
    CaseFound,
    CasesFound,
    IdentityChanged,
    IdentityIn,
    IdentityOut,
    IdentitySearch,
)
from services.mentoring.domain.ids import CaseId
from services.mentoring.use_cases.change_identity import ChangeIdentity, ReadIdentity
from services.mentoring.use_cases.find_person import FindPerson
from shared.web.etags import IfMatch, etag
from shared.web.examples import documented, sent


@dataclass(frozen=True, slots=True)
class IdentityDesk:
    """What the routes ask."""

    read: ReadIdentity
    change: ChangeIdentity
    find: FindPerson


def routes(desk: IdentityDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1", tags=["identity"])
    _own(router, desk)

    @router.post(
        "/identity-searches",
        summary="Finns personen bland mina ärenden?",
        description=FindPerson.__doc__ or "",
        responses=documented(CasesFound, 200, "Ärendena, kanske inga."),
    )
    async def found(
        actor: Insider, wanted: Annotated[IdentitySearch, sent(IdentitySearch)]
    ) -> CasesFound:
        cases = await desk.find(wanted.wanted(), by=actor)
        return CasesFound(items=[CaseFound(id=case.id, pseudonym=case.pseudonym) for case in cases])

    return router


def _own(router: APIRouter, desk: IdentityDesk) -> None:
    @router.get(
        "/cases/{case_id}/identity",
        summary="Vem det är",
        description=ReadIdentity.__doc__ or "",
        responses=documented(IdentityOut, 200, "Identiteten, med sin egen ETag."),
    )
    async def read(actor: Insider, case_id: str, response: Response) -> IdentityOut:
        kept = await desk.read(CaseId(case_id), by=actor)
        response.headers["ETag"] = etag(kept.version)
        return IdentityOut.of(kept)

    @router.put(
        "/cases/{case_id}/identity",
        summary="Ändra vem det är",
        description=ChangeIdentity.__doc__ or "",
        responses=documented(IdentityChanged, 200, "Identiteten är ändrad."),
    )
    async def changed(
        actor: Insider,
        case_id: str,
        wanted: Annotated[IdentityIn, sent(IdentityIn)],
        seen: IfMatch,
        response: Response,
    ) -> IdentityChanged:
        version = await desk.change(CaseId(case_id), wanted.identity(), seen=seen, by=actor)
        response.headers["ETag"] = etag(version)
        return IdentityChanged(id=case_id, version=version)
