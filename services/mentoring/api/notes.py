"""`/v1/cases/{id}/notes`: written once, signed; addenda beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from services.mentoring.api.answering import made_answer
from services.mentoring.api.case_models import AT, ID, CaseChanged, Text
from services.mentoring.api.cases import Insider
from services.mentoring.domain.ids import CaseId, NoteId
from services.mentoring.use_cases.write_note import NoteSeen, ReadNotes, WriteNote
from shared.web.examples import documented, listed_example, sent
from shared.web.idempotency import AskedOnce, respond
from shared.web.paging import Listing, Page, listing

_MADE = documented(CaseChanged, 201, "Anteckningen är skriven.")


class NoteIn(BaseModel):
    """What is written."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"text": "Vi har talats vid."}}
    )

    text: Text


class NoteOut(BaseModel):
    """A note. `genuine` is false when it is not as its author signed it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": ID,
                "author": "karin.holm",
                "at": AT,
                "addendum_to": None,
                "text": "Vi har talats vid.",
                "genuine": True,
            }
        }
    )

    id: str
    author: str
    at: datetime
    addendum_to: str | None
    text: str
    genuine: bool

    @classmethod
    def of(cls, seen: NoteSeen) -> NoteOut:
        """From the domain."""
        note = seen.note
        return cls(
            id=note.id,
            author=note.author,
            at=note.at,
            addendum_to=note.addendum_to,
            text=note.text,
            genuine=seen.genuine,
        )


@dataclass(frozen=True, slots=True)
class NoteDesk:
    """What the routes ask."""

    write: WriteNote
    read: ReadNotes


def routes(desk: NoteDesk) -> APIRouter:
    """All of them."""
    router = APIRouter(prefix="/v1/cases/{case_id}/notes", tags=["notes"])

    @router.get(
        "",
        summary="Anteckningar",
        description=ReadNotes.__doc__ or "",
        responses={200: listed_example(NoteOut)},
    )
    async def read(actor: Insider, case_id: str, page: Page) -> Listing[NoteOut]:
        found, total = await desk.read(
            CaseId(case_id), by=actor, limit=page.limit, offset=page.offset
        )
        return listing([NoteOut.of(each) for each in found], total, page)

    _writing(router, desk)
    return router


def _writing(router: APIRouter, desk: NoteDesk) -> None:
    @router.post(
        "",
        status_code=201,
        summary="Skriv en anteckning",
        description=WriteNote.__doc__ or "",
        responses=_MADE,
    )
    async def written(
        actor: Insider, case_id: str, wanted: Annotated[NoteIn, sent(NoteIn)], once: AskedOnce
    ) -> Response:
        answer = await desk.write(
            CaseId(case_id), wanted.text, by=actor, once=once, present=made_answer
        )
        return respond(answer)

    @router.post(
        "/{note_id}/addenda",
        status_code=201,
        summary="Skriv ett tillägg",
        description=WriteNote.__doc__ or "",
        responses=_MADE,
    )
    async def added(
        actor: Insider,
        case_id: str,
        note_id: str,
        wanted: Annotated[NoteIn, sent(NoteIn)],
        once: AskedOnce,
    ) -> Response:
        answer = await desk.write(
            CaseId(case_id),
            wanted.text,
            addendum_to=NoteId(note_id),
            by=actor,
            once=once,
            present=made_answer,
        )
        return respond(answer)
