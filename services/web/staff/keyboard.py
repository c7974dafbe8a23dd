"""The keyboard map, as a page of its own; with scripts it opens over any page by `?`."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from services.web.staff.door import Anybody
from services.web.staff.frame import StaffPages


def routes(pages: StaffPages) -> APIRouter:
    """`/console/keys`."""
    desk = APIRouter(include_in_schema=False)

    @desk.get("/console/keys")
    async def keys(request: Request, staff: Anybody) -> Response:
        """Which key does what."""
        return pages.show(request, staff, "keys.html")

    return desk
