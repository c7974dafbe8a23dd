"""Saved views: the address of a filtered list under a name of one's own."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.door import Anybody, Staff, StaffForm
from services.web.staff.frame import StaffPages
from services.web.staff.putting_back import Removed
from services.web.staff.sign_in import inside
from services.web.storage.saved_views import SavedViews

_LONGEST_NAME = 80


def routes(pages: StaffPages, views: SavedViews) -> APIRouter:
    """`/console/views`."""
    desk = APIRouter(prefix="/console/views", include_in_schema=False)

    async def shown(request: Request, staff: Staff, removed: Removed | None = None) -> Response:
        kept = await views.of(staff.person.subject)
        return pages.show(request, staff, "views.html", views=kept, removed=removed)

    @desk.get("")
    async def show(request: Request, staff: Anybody) -> Response:
        """All of one's own."""
        return await shown(request, staff)

    @desk.post("")
    async def keep(request: Request, staff: Anybody, form: StaffForm) -> Response:
        """Keep the list that was shown, and go back to it."""
        address = inside(form.get("address", ""))
        name = " ".join(form.get("name", "").split())[:_LONGEST_NAME]
        words = pages.words(request)
        if not name:
            raise SaidNo(words("staff_views_name_missing"), status=422)
        if not await views.keep(staff.person.subject, name, address):
            raise SaidNo(words("staff_views_too_many"))
        return RedirectResponse(address, 303)

    @desk.post("/remove")
    async def remove(request: Request, staff: Anybody, form: StaffForm) -> Response:
        """Forget one; the page that says so can keep it again."""
        subject, view = staff.person.subject, form.get("view", "")
        gone = next((each for each in await views.of(subject) if each.id == view), None)
        await views.remove(subject, view)
        again = {"name": gone.name, "address": gone.address} if gone else {}
        return await shown(request, staff, ("/console/views", again) if gone else None)

    return desk
