"""What somebody has ahead of all their cases: when, with whom, and under which code word."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated

from fastapi import APIRouter, Request, Response

from services.web.staff.cases.desk import MENTORING, CaseDesk
from services.web.staff.door import Staff, opens

Own = Annotated[Staff, opens("mentoring:meetings.own")]
_DAYS = 14


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/my-meetings`."""
    router = APIRouter(include_in_schema=False)

    @router.get("/console/my-meetings")
    async def mine(request: Request, staff: Own) -> Response:
        """Two weeks, by the day."""
        found = await desk.apis.get(staff, MENTORING, "/v1/my-meetings", days=_DAYS)
        by_day = groupby(found.data["items"], key=lambda each: each["starts_local"][:10])
        days = [(day, list(meetings)) for day, meetings in by_day]
        return desk.page(request, staff, "own_meetings", live=MENTORING, days=days)

    return router
