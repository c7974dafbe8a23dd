"""`/v1/consultations`: questions of professionals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from services.mentoring.api.case_models import AT, ID, Code, Text
from services.mentoring.api.identity_models import IdentityIn, Line
from services.mentoring.api.referral_models import ReceiptOut
from services.mentoring.domain.consultation import Consultation
from services.mentoring.use_cases.consult import (
    AnswerConsultation,
    ListConsultations,
    ReceiveConsultation,
    SeeConsultation,
)
from services.mentoring.use_cases.refer_consultation import ReferConsultation
from shared.kernel.actor import Actor
from shared.web.etags import IfMatch, etag
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import Answer, AskedOnce, respond
from shared.web.paging import Listing, Page, listing
from shared.web.permissions import needs, open_to_all

_HEAD: dict[str, Any] = {
    "id": ID,
    "via": "form",
    "profession": "school",
    "topic": "worry",
    "received_at": AT,
    "municipality": None,
    "state": "open",
    "version": 1,
}
_Reader = Annotated[Actor, needs("consultations.read")]
State = Annotated[Literal["open", "answered", "closed"] | None, Query()]


class QuestionIn(BaseModel):
    """What a professional asks, and how to reach them with the answer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "question": "Hur pratar vi om det här i klassen?",
                "reach": "+46701740605",
                "profession": "school",
                "topic": "method",
                "municipality": None,
            }
        },
    )

    question: Text
    reach: Line = ""
    profession: Code
    topic: Code
    municipality: Line | None = Field(default=None, description="en av Sveriges kommuner")


class ConsultationOut(BaseModel):
    """A question in codes."""

    model_config = ConfigDict(json_schema_extra={"example": _HEAD})

    id: str
    via: str
    profession: str
    topic: str
    received_at: datetime
    municipality: str | None
    state: str
    version: int

    @classmethod
    def of(cls, asked: Consultation) -> ConsultationOut:
        """From the domain."""
        return cls(**{name: getattr(asked, name) for name in cls.model_fields})


class WholeConsultation(ConsultationOut):
    """A question in clear."""

    model_config = ConfigDict(
        json_schema_extra={"example": {**_HEAD, "words": {"question": "…", "reach": "…"}}}
    )

    words: dict[str, str]


class AnswerIn(BaseModel):
    """The answer as it was given; null closes the question without one."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"text": "Vi talades vid om metod."}}
    )

    text: Text | None


@dataclass(frozen=True, slots=True)
class ConsultationDesk:
    """What the routes ask."""

    receive: ReceiveConsultation
    see: SeeConsultation
    answer: AnswerConsultation
    refer: ReferConsultation
    listed: ListConsultations


def routes(desk: ConsultationDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/consultations", tags=["consultations"])
    _asking(router, desk)
    _reading(router, desk)
    _answering(router, desk)
    _referring(router, desk)
    return router


def _asking(router: APIRouter, desk: ConsultationDesk) -> None:
    @router.post(
        "",
        status_code=202,
        summary="Ställ en fråga till rådgivningen",
        description=ReceiveConsultation.__doc__ or "",
    )
    async def asked(
        actor: Annotated[Actor, open_to_all("any professional may ask; there is no account")],
        wanted: Annotated[QuestionIn, sent(QuestionIn)],
        once: AskedOnce,
    ) -> Response:
        answer = await desk.receive(
            wanted.question,
            wanted.reach,
            profession=wanted.profession,
            topic=wanted.topic,
            municipality=wanted.municipality,
            via="staff" if actor.kind == "staff" else "form",
            by=actor,
            once=once,
            present=lambda _: Answer.of(202, {"received": True}),
        )
        return respond(answer)


def _reading(router: APIRouter, desk: ConsultationDesk) -> None:
    @router.get(
        "",
        summary="Frågor till rådgivningen",
        description=ListConsultations.__doc__ or "",
        responses={200: listed_example(ConsultationOut)},
    )
    async def listed(actor: _Reader, page: Page, state: State = None) -> Listing[ConsultationOut]:
        found = await desk.listed(state, by=actor, limit=page.limit, offset=page.offset)
        return listing([ConsultationOut.of(each) for each in found.items], found.total, page)

    @router.get(
        "/{consultation_id}",
        summary="En fråga",
        description=SeeConsultation.__doc__ or "",
        responses=documented(WholeConsultation, 200, "Frågan, med ETag."),
    )
    async def shown(actor: _Reader, consultation_id: str, response: Response) -> WholeConsultation:
        seen = await desk.see(consultation_id, by=actor)
        response.headers["ETag"] = etag(seen.consultation.version)
        head = ConsultationOut.of(seen.consultation).model_dump()
        return WholeConsultation(**head, words=dict(seen.words))


def _answering(router: APIRouter, desk: ConsultationDesk) -> None:
    @router.post(
        "/{consultation_id}/answer",
        summary="Skriv in svaret",
        description=AnswerConsultation.__doc__ or "",
        responses=documented(ConsultationOut, 200, "Frågan är besvarad."),
    )
    async def answered(
        actor: Annotated[Actor, needs("consultations.answer")],
        consultation_id: str,
        wanted: Annotated[AnswerIn, sent(AnswerIn)],
        seen: IfMatch,
        once: AskedOnce,
    ) -> Response:
        answer = await desk.answer(
            consultation_id,
            wanted.text,
            seen=seen,
            by=actor,
            once=once,
            present=lambda after: Answer.of(
                200, ConsultationOut.of(after), {"ETag": etag(after.version)}
            ),
        )
        return respond(answer)


def _referring(router: APIRouter, desk: ConsultationDesk) -> None:
    @router.post(
        "/{consultation_id}/referral",
        status_code=202,
        summary="Gör en anmälan av frågan",
        description=ReferConsultation.__doc__ or "",
        responses=documented(ReceiptOut, 202, "Anmälan finns, och frågan är avslutad."),
    )
    async def referred(
        actor: Annotated[Actor, needs("consultations.answer")],
        consultation_id: str,
        about: Annotated[IdentityIn, sent(IdentityIn)],
        seen: IfMatch,
        once: AskedOnce,
    ) -> Response:
        answer = await desk.refer(
            consultation_id,
            about.identity(),
            seen=seen,
            by=actor,
            once=once,
            present=lambda made: Answer.of(202, ReceiptOut(receipt=made.receipt)),
        )
        return respond(answer)
