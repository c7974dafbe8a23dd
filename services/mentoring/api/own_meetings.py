"""`/v1/my-meetings`: what you have ahead, of all your cases."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from services.mentoring.api.meeting_models import MeetingOut
from services.mentoring.use_cases.see_own_meetings import OwnMeeting, SeeOwnMeetings
from shared.kernel.actor import Actor
from shared.web.examples import documented, example_of
from shared.web.permissions import needs

_MINE: dict[str, Any] = {
    **example_of(MeetingOut),
    "case_id": "0199c0de-0000-7000-8000-000000000001",
    "pseudonym": "Björk-Lykta",
}
Days = Annotated[int, Query(ge=1, le=60, description="Så många dagar framåt.")]


class OwnMeetingOut(MeetingOut):
    """A meeting that you take part in, and its case."""

    model_config = ConfigDict(json_schema_extra={"example": _MINE})

    case_id: str
    pseudonym: str

    @classmethod
    def of_own(cls, own: OwnMeeting) -> OwnMeetingOut:
        """From the use case."""
        known = MeetingOut.of(own.meeting).model_dump()
        return cls(**known, case_id=own.case_id, pseudonym=own.pseudonym)


class OwnMeetingsOut(BaseModel):
    """The first one first."""

    model_config = ConfigDict(json_schema_extra={"example": {"items": [_MINE]}})

    items: list[OwnMeetingOut]


def routes(own: SeeOwnMeetings) -> APIRouter:
    """One."""
    router = APIRouter(prefix="/v1", tags=["meetings"])

    @router.get(
        "/my-meetings",
        summary="Mina möten",
        description=SeeOwnMeetings.__doc__ or "",
        responses=documented(OwnMeetingsOut, 200, "Dina möten, det första först."),
    )
    async def mine(
        actor: Annotated[Actor, needs("meetings.own")], days: Days = 14
    ) -> OwnMeetingsOut:
        found = await own(days, by=actor)
        return OwnMeetingsOut(items=[OwnMeetingOut.of_own(each) for each in found])

    return router
