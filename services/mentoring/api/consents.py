"""`/v1/cases/{id}/consents` and `/shares`; `/v1/shared` for whoever holds a share's link."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter
from starlette.responses import Response

from services.mentoring.api.answering import case_answer, made_answer
from services.mentoring.api.case_models import CaseChanged
from services.mentoring.api.cases import Insider
from services.mentoring.api.consent_models import (
    ConsentIn,
    ConsentsOut,
    NewShareOut,
    SharedOut,
    ShareIn,
)
from services.mentoring.domain.ids import CaseId, ConsentId, ShareId
from services.mentoring.use_cases.see_share import SeeShare
from services.mentoring.use_cases.share_by_consent import (
    BeginShare,
    EndShare,
    GiveConsent,
    SeeConsents,
    WithdrawConsent,
)
from shared.kernel.ids import new_id
from shared.privacy.derived_link import DerivedLinks
from shared.privacy.link_secret import hash_of
from shared.web.examples import documented, sent
from shared.web.idempotency import AskedOnce, respond
from shared.web.permissions import link_holder


@dataclass(frozen=True, slots=True)
class ConsentDesk:
    """What the routes ask."""

    give: GiveConsent
    withdraw: WithdrawConsent
    share: BeginShare
    end: EndShare
    see: SeeConsents
    shared: SeeShare
    links: DerivedLinks


def routes(desk: ConsentDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1", tags=["consents"])
    _consenting(router, desk)
    _sharing(router, desk)
    _looking(router, desk)
    return router


def _consenting(router: APIRouter, desk: ConsentDesk) -> None:
    @router.post(
        "/cases/{case_id}/consents",
        status_code=201,
        summary="Skriv in ett samtycke",
        description=GiveConsent.__doc__ or "",
        responses=documented(CaseChanged, 201, "Samtycket är sparat."),
    )
    async def given(
        actor: Insider, case_id: str, wanted: Annotated[ConsentIn, sent(ConsentIn)], once: AskedOnce
    ) -> Response:
        answer = await desk.give(
            CaseId(case_id), wanted.wanted(), by=actor, once=once, present=made_answer
        )
        return respond(answer)

    @router.post(
        "/cases/{case_id}/consents/{consent_id}/withdrawal",
        summary="Ta tillbaka ett samtycke",
        description=WithdrawConsent.__doc__ or "",
        responses=documented(CaseChanged, 200, "Samtycket gäller inte längre."),
    )
    async def withdrawn(actor: Insider, case_id: str, consent_id: str, once: AskedOnce) -> Response:
        answer = await desk.withdraw(
            CaseId(case_id), ConsentId(consent_id), by=actor, once=once, present=case_answer()
        )
        return respond(answer)


def _sharing(router: APIRouter, desk: ConsentDesk) -> None:
    @router.post(
        "/cases/{case_id}/shares",
        status_code=201,
        summary="Dela",
        description=BeginShare.__doc__ or "",
        responses=documented(NewShareOut, 201, "Delningen gäller nu."),
    )
    async def shared(
        actor: Insider, case_id: str, wanted: Annotated[ShareIn, sent(ShareIn)], once: AskedOnce
    ) -> Response:
        share_id = ShareId(new_id())
        hashed = hash_of(desk.links.secret_of(share_id))
        answer = await desk.share(
            CaseId(case_id),
            wanted.wanted(hashed),
            share_id,
            by=actor,
            once=once,
            present=made_answer,
        )
        # The kept answer holds the id alone: the secret is made again from it.
        made = str(json.loads(answer.body)["made"])
        shown = NewShareOut(id=made, secret=desk.links.secret_of(made))
        return Response(shown.model_dump_json(), status_code=201, media_type="application/json")

    @router.delete(
        "/cases/{case_id}/shares/{share_id}",
        summary="Sluta dela",
        description=EndShare.__doc__ or "",
        responses=documented(CaseChanged, 200, "Delningen är över."),
    )
    async def ended(actor: Insider, case_id: str, share_id: str) -> Response:
        answer = await desk.end(CaseId(case_id), ShareId(share_id), by=actor, present=case_answer())
        return respond(answer)


def _looking(router: APIRouter, desk: ConsentDesk) -> None:
    @router.get(
        "/cases/{case_id}/consents",
        summary="Samtycken och delningar",
        description=SeeConsents.__doc__ or "",
        responses=documented(ConsentsOut, 200, "Samtycken och delningar."),
    )
    async def seen(actor: Insider, case_id: str) -> ConsentsOut:
        return ConsentsOut.of(*await desk.see(CaseId(case_id), by=actor))

    @router.get(
        "/shared",
        summary="Det som delas med dig",
        description=SeeShare.__doc__ or "",
        responses=documented(SharedOut, 200, "Det som delas."),
    )
    async def looked(hashed: Annotated[str, link_holder]) -> SharedOut:
        found: dict[str, Any] = dict(await desk.shared(hashed))
        return SharedOut(parts=found)
