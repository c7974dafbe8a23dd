"""`/v1/cases/{id}/forgetting` and `/v1/forgettings`: forgetting a person, and its certificate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from services.mentoring.api.case_models import AT, ID
from services.mentoring.api.cases import Insider
from services.mentoring.domain.ids import CaseId
from services.mentoring.use_cases.forget_person import ForgetPerson
from services.mentoring.use_cases.forgettings import (
    ALIKE_IN_WORDS,
    LEFT_IN_WORDS,
    Forgetting,
    ages_out,
)
from services.mentoring.use_cases.see_forgettings import SeeForgetting
from shared.kernel.actor import Actor
from shared.web.etags import etag, if_match
from shared.web.examples import documented, listed_example
from shared.web.idempotency import Answer, AskedOnce, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs

_LEFT: dict[str, Any] = {
    "what": "audit",
    "until": "2032-02-01",
    "sv": "Granskningsloggen.",
    "en": "The audit.",
}
_ALIKE: dict[str, Any] = {
    "what": "cases",
    "count": 1,
    "sv": "Andra ärenden.",
    "en": "Other cases.",
}
_FORGETTING: dict[str, Any] = {
    "id": ID,
    "case_id": ID,
    "done": True,
    "how": "own-request",
    "at": AT,
    "by": "greta.moren",
    "removed": {"identities": 1, "notes": 3, "steps": 12},
    "keys": 1,
    "blind_since": AT,
    "receipts": [{"service": "notifications", "at": AT, "removed": {"cards": 1}}],
    "awaits": [],
    "ages_out": [_LEFT],
    "alike": [_ALIKE],
}
_Certified = Annotated[Actor, needs("forgettings.read")]


class LeftOut(BaseModel):
    """What is left for a while; `until` is null where nobody can know the day."""

    model_config = ConfigDict(json_schema_extra={"example": _LEFT})

    what: str
    until: date | None
    sv: str
    en: str


class AlikeOut(BaseModel):
    """What may be of the same person and is not forgotten with this; how many."""

    model_config = ConfigDict(json_schema_extra={"example": _ALIKE})

    what: str
    count: int
    sv: str
    en: str


class ReceiptOut(BaseModel):
    """What another service removed, and when."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"service": "notifications", "at": AT, "removed": {"cards": 1}}
        }
    )

    service: str
    at: datetime
    removed: Mapping[str, int]


class ForgettingOut(BaseModel):
    """What is destroyed, or would be (`done` is false): rows by collection, keys, receipts."""

    model_config = ConfigDict(json_schema_extra={"example": _FORGETTING})

    id: str | None = Field(description="id för intyget; null när inget är gjort")
    case_id: str
    done: bool
    how: str
    at: datetime
    by: str
    removed: Mapping[str, int]
    keys: int
    blind_since: datetime | None
    receipts: list[ReceiptOut]
    awaits: list[str]
    ages_out: list[LeftOut]
    alike: list[AlikeOut]

    @classmethod
    def of(cls, forgetting: Forgetting, *, done: bool = True) -> ForgettingOut:
        """From the use case."""
        left = [
            LeftOut(what=each.what, until=each.until, sv=words[0], en=words[1])
            for each in ages_out(forgetting.at)
            for words in [LEFT_IN_WORDS[each.what]]
        ]
        alike = [
            AlikeOut(what=what, count=count, sv=words[0], en=words[1])
            for what, count in forgetting.alike.items()
            for words in [ALIKE_IN_WORDS[what]]
        ]
        receipts = [
            ReceiptOut(service=each.service, at=each.at, removed=each.removed)
            for each in forgetting.receipts
        ]
        return cls(
            id=forgetting.id if done else None,
            case_id=forgetting.case_id,
            done=done,
            how=forgetting.how,
            at=forgetting.at,
            by=forgetting.by,
            removed=forgetting.removed,
            keys=forgetting.keys,
            blind_since=forgetting.blind_since,
            receipts=receipts,
            awaits=list(forgetting.awaits),
            ages_out=left,
            alike=alike,
        )


@dataclass(frozen=True, slots=True)
class ForgettingDesk:
    """What the routes ask."""

    forget: ForgetPerson
    see: SeeForgetting


def routes(desk: ForgettingDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1", tags=["forgetting"])
    _forgetting(router, desk)

    @router.get(
        "/forgettings",
        summary="Intyg om radering",
        description=SeeForgetting.listed.__doc__ or "",
        responses={200: listed_example(ForgettingOut)},
    )
    async def listed(actor: _Certified, page: Page) -> Listing[ForgettingOut]:
        found, total = await desk.see.listed(by=actor, limit=page.limit, offset=page.offset)
        return listing([ForgettingOut.of(each) for each in found], total, page)

    @router.get(
        "/forgettings/{forgetting_id}",
        summary="Ett intyg om radering",
        description=SeeForgetting.__doc__ or "",
        responses=documented(ForgettingOut, 200, "Intyget."),
    )
    async def shown(actor: _Certified, forgetting_id: str) -> ForgettingOut:
        return ForgettingOut.of(await desk.see(forgetting_id, by=actor))

    return router


def _forgetting(router: APIRouter, desk: ForgettingDesk) -> None:
    @router.post(
        "/cases/{case_id}/forgetting",
        summary="Glöm en person",
        description=ForgetPerson.__doc__ or "",
        responses=documented(ForgettingOut, 200, "Vad som förstörs, eller skulle förstöras."),
    )
    async def forgotten(
        actor: Insider,
        case_id: str,
        once: AskedOnce,
        commit: Annotated[bool, Query(description="false: räkna bara")] = False,
        seen: Annotated[
            str | None, Header(alias="If-Match", description="Ärendets ETag; krävs med commit.")
        ] = None,
    ) -> Response:
        if not commit:
            case, begun = await desk.forget.look(CaseId(case_id), by=actor)
            headers = {"ETag": etag(case.version)}
            return respond(Answer.of(200, ForgettingOut.of(begun, done=False), headers))
        return respond(
            await desk.forget(
                CaseId(case_id),
                seen=if_match(seen),
                by=actor,
                once=once,
                present=lambda done: Answer.of(200, ForgettingOut.of(done)),
            )
        )
