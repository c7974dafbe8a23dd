"""`/v1/cases/{id}/meetings`: arranged, moved, cancelled, held or missed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from services.mentoring.api.answering import case_answer, made_answer
from services.mentoring.api.case_models import CaseChanged
from services.mentoring.api.cases import Insider
from services.mentoring.api.meeting_models import (
    MeetingIn,
    MeetingOut,
    OutcomeIn,
    SettlingIn,
    TimesIn,
)
from services.mentoring.domain.ids import CaseId, MeetingId
from services.mentoring.use_cases.arrange_meeting import (
    ArrangeMeeting,
    Asked,
    CancelMeeting,
    MoveMeeting,
    RecordMeeting,
    SettleMeeting,
)
from services.mentoring.use_cases.read_meetings import ReadMeetings
from shared.web.etags import IfMatch
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, respond
from shared.web.paging import Listing, Page, listing

_CHANGED = documented(CaseChanged, 200, "Det är ändrat.")


@dataclass(frozen=True, slots=True)
class MeetingDesk:
    """What the routes ask."""

    arrange: ArrangeMeeting
    read: ReadMeetings
    settle: SettleMeeting
    move: MoveMeeting
    cancel: CancelMeeting
    record: RecordMeeting


def routes(desk: MeetingDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/cases/{case_id}/meetings", tags=["meetings"])
    _arranging(router, desk)
    _moving(router, desk)
    _ending(router, desk)
    return router


def _arranging(router: APIRouter, desk: MeetingDesk) -> None:
    @router.post(
        "",
        status_code=201,
        summary="Boka ett möte",
        description=ArrangeMeeting.__doc__ or "",
        responses=documented(CaseChanged, 201, "Mötet finns; med lokal väntar det på svar."),
    )
    async def arranged(
        actor: Insider, case_id: str, wanted: Annotated[MeetingIn, sent(MeetingIn)], once: AskedOnce
    ) -> Response:
        asked = Asked(CaseId(case_id), actor, once=once)
        return respond(await desk.arrange(asked, wanted.wanted(), present=made_answer))

    @router.get(
        "",
        summary="Möten",
        description=ReadMeetings.__doc__ or "",
        responses={200: listed_example(MeetingOut)},
    )
    async def read(actor: Insider, case_id: str, page: Page) -> Listing[MeetingOut]:
        found, total = await desk.read(
            CaseId(case_id), by=actor, limit=page.limit, offset=page.offset
        )
        return listing([MeetingOut.of(each) for each in found], total, page)


def _moving(router: APIRouter, desk: MeetingDesk) -> None:
    @router.post(
        "/{meeting_id}/settling",
        summary="Be om lokal, eller bestäm mötet utan",
        description=SettleMeeting.__doc__ or "",
        responses=_CHANGED,
    )
    async def settled(
        actor: Insider,
        case_id: str,
        meeting_id: str,
        wanted: Annotated[SettlingIn, sent(SettlingIn)],
        seen: IfMatch,
        once: AskedOnce,
    ) -> Response:
        asked = Asked(CaseId(case_id), actor, seen, once)
        room = wanted.room.wanted() if wanted.room else None
        answer = await desk.settle(asked, MeetingId(meeting_id), room, present=case_answer())
        return respond(answer)

    @router.post(
        "/{meeting_id}/move",
        summary="Flytta ett möte",
        description=MoveMeeting.__doc__ or "",
        responses=_CHANGED,
    )
    async def moved(
        actor: Insider,
        case_id: str,
        meeting_id: str,
        wanted: Annotated[TimesIn, sent(TimesIn)],
        seen: IfMatch,
        once: AskedOnce,
    ) -> Response:
        asked = Asked(CaseId(case_id), actor, seen, once)
        times = wanted.times()
        answer = await desk.move(asked, MeetingId(meeting_id), times, present=case_answer())
        return respond(answer)


def _ending(router: APIRouter, desk: MeetingDesk) -> None:
    @router.post(
        "/{meeting_id}/cancellation",
        summary="Ställ in ett möte",
        description=CancelMeeting.__doc__ or "",
        responses=_CHANGED,
    )
    async def cancelled(
        actor: Insider, case_id: str, meeting_id: str, seen: IfMatch, once: AskedOnce
    ) -> Response:
        asked = Asked(CaseId(case_id), actor, seen, once)
        return respond(await desk.cancel(asked, MeetingId(meeting_id), present=case_answer()))

    @router.post(
        "/{meeting_id}/outcome",
        summary="Säg om mötet blev av",
        description=RecordMeeting.__doc__ or "",
        responses=_CHANGED,
    )
    async def recorded(
        actor: Insider,
        case_id: str,
        meeting_id: str,
        wanted: Annotated[OutcomeIn, sent(OutcomeIn)],
        seen: IfMatch,
        once: AskedOnce,
    ) -> Response:
        answer = await desk.record(
            Asked(CaseId(case_id), actor, seen, once),
            MeetingId(meeting_id),
            held=wanted.held,
            text=wanted.text,
            present=case_answer(),
        )
        return respond(answer)
