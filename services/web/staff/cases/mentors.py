"""Mentors: who can take somebody new, and what stands in the way."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from services.web.staff.cases.desk import MENTORING, CaseDesk
from services.web.staff.door import Staff, opens
from services.web.staff.listing import shown

HERE = "/console/mentors"
Reader = Annotated[Staff, opens("mentoring:mentors.read")]


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/mentors`."""
    router = APIRouter(prefix=HERE, include_in_schema=False)

    @router.get("")
    async def mentors(request: Request, staff: Reader) -> Response:
        """By username; how many mentees somebody has is not told."""
        asked = shown(request, filters=())
        page = {"limit": asked.limit, "offset": asked.offset}
        found = await desk.apis.get(staff, MENTORING, "/v1/mentors", **page)
        return desk.page(request, staff, "mentors", shown=asked, found=found.data)

    @router.get("/{username}")
    async def mentor(request: Request, staff: Reader, username: str) -> Response:
        """A whole profile."""
        path = f"/v1/mentors/{quote(username, safe='')}"
        found = await desk.apis.get(staff, MENTORING, path)
        return desk.page(request, staff, "mentor", mentor=found.data)

    return router
