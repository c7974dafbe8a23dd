"""`/v1/cases/{id}/contacts`, `/contact-rhythm`, `/reviews` and `/next-review`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.mentoring.api.answering import case_answer, made_answer
from services.mentoring.api.case_models import CaseChanged
from services.mentoring.api.cases import Insider
from services.mentoring.api.work_models import (
    ContactIn,
    ContactOut,
    ReviewDateIn,
    ReviewIn,
    ReviewOut,
    RhythmIn,
)
from services.mentoring.domain.ids import CaseId
from services.mentoring.use_cases.keep_contact import ReadContacts, RecordContact, SetContactRhythm
from services.mentoring.use_cases.review_case import ReadReviews, RecordReview, SetReview
from shared.web.etags import IfMatch
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, respond
from shared.web.paging import Listing, Page, listing

_CHANGED = documented(CaseChanged, 200, "Det är ändrat.")
_MADE = documented(CaseChanged, 201, "Det är sparat.")


@dataclass(frozen=True, slots=True)
class ContactDesk:
    """What the routes ask."""

    record: RecordContact
    read: ReadContacts
    rhythm: SetContactRhythm
    set_review: SetReview
    record_review: RecordReview
    reviews: ReadReviews


def routes(desk: ContactDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/cases/{case_id}", tags=["contacts"])
    _contacts(router, desk)
    _rhythm(router, desk)
    _reviews(router, desk)
    return router


def _contacts(router: APIRouter, desk: ContactDesk) -> None:
    @router.post(
        "/contacts",
        status_code=201,
        summary="Rapportera en kontakt",
        description=RecordContact.__doc__ or "",
        responses=_MADE,
    )
    async def recorded(
        actor: Insider, case_id: str, wanted: Annotated[ContactIn, sent(ContactIn)], once: AskedOnce
    ) -> Response:
        answer = await desk.record(
            CaseId(case_id),
            wanted.on,
            wanted.way,
            successful=wanted.successful,
            text=wanted.text,
            by=actor,
            once=once,
            present=made_answer,
        )
        return respond(answer)

    @router.get(
        "/contacts",
        summary="Kontakter",
        description=ReadContacts.__doc__ or "",
        responses={200: listed_example(ContactOut)},
    )
    async def read(actor: Insider, case_id: str, page: Page) -> Listing[ContactOut]:
        found, total = await desk.read(
            CaseId(case_id), by=actor, limit=page.limit, offset=page.offset
        )
        return listing([ContactOut.of(each) for each in found], total, page)


def _rhythm(router: APIRouter, desk: ContactDesk) -> None:
    @router.put(
        "/contact-rhythm",
        summary="Hur ofta vi hörs",
        description=SetContactRhythm.__doc__ or "",
        responses=_CHANGED,
    )
    async def rhythm(
        actor: Insider, case_id: str, wanted: Annotated[RhythmIn, sent(RhythmIn)], seen: IfMatch
    ) -> Response:
        answer = await desk.rhythm(
            CaseId(case_id), wanted.days, seen=seen, by=actor, present=case_answer()
        )
        return respond(answer)

    @router.put(
        "/next-review",
        summary="Bestäm nästa uppföljning",
        description=SetReview.__doc__ or "",
        responses=_CHANGED,
    )
    async def decided(
        actor: Insider,
        case_id: str,
        wanted: Annotated[ReviewDateIn, sent(ReviewDateIn)],
        seen: IfMatch,
    ) -> Response:
        answer = await desk.set_review(
            CaseId(case_id), wanted.on, seen=seen, by=actor, present=case_answer()
        )
        return respond(answer)


def _reviews(router: APIRouter, desk: ContactDesk) -> None:
    @router.post(
        "/reviews",
        status_code=201,
        summary="Skriv in en uppföljning",
        description=RecordReview.__doc__ or "",
        responses=_MADE,
    )
    async def reviewed(
        actor: Insider, case_id: str, wanted: Annotated[ReviewIn, sent(ReviewIn)], once: AskedOnce
    ) -> Response:
        answer = await desk.record_review(
            CaseId(case_id),
            wanted.text,
            wanted.next_on,
            by=actor,
            once=once,
            present=made_answer,
        )
        return respond(answer)

    @router.get(
        "/reviews",
        summary="Uppföljningar",
        description=ReadReviews.__doc__ or "",
        responses={200: listed_example(ReviewOut)},
    )
    async def reviews(actor: Insider, case_id: str, page: Page) -> Listing[ReviewOut]:
        found, total = await desk.reviews(
            CaseId(case_id), by=actor, limit=page.limit, offset=page.offset
        )
        return listing([ReviewOut.of(each) for each in found], total, page)
