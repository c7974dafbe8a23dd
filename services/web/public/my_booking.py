"""Min bokning: what, when, where, how many; change the number, or cancel."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import own_form
from services.web.pages import Pages
from services.web.participant_api import ParticipantApi
from services.web.public.refused_forms import BOOKING, CANCEL, RefusedForms, number
from services.web.public.visits import Visits
from services.web.settings import Settings
from shared.web.permissions import open_to_all

HOLDER = open_to_all("the holder of a link: the session decides, and the service behind it")
DONE = frozenset({"cancelled", "changed", "accepted", "refused", "booked", "queued", "moved"})


def routes(settings: Settings, pages: Pages, api: ParticipantApi, visits: Visits) -> APIRouter:
    """`/min-bokning` and what can be done there."""
    desk = APIRouter(prefix="/min-bokning", include_in_schema=False, dependencies=[HOLDER])
    refused = RefusedForms(pages, api, visits)
    _seeing(desk, settings, pages, api, visits, refused)
    _cancelling(desk, settings, pages, api, visits, refused)
    return desk


def _seeing(
    desk: APIRouter,
    settings: Settings,
    pages: Pages,
    api: ParticipantApi,
    visits: Visits,
    refused: RefusedForms,
) -> None:
    @desk.get("")
    async def show(request: Request) -> Response:
        """The booking as it is now."""
        visit = await visits.of(request)
        booking = await api.my_booking(visits.holder(request, visit.link_secret))
        done = request.query_params.get("klart", "")
        done = done if done in DONE else ""
        return pages.show(request, "booking.html", visit=visit, booking=booking, done=done)

    @desk.post("/antal")
    async def change_head_count(request: Request) -> Response:
        """Come with more or fewer."""
        visit = await visits.of(request)
        fields = await own_form(request, settings, visit)
        wrote = {name: fields.get(name, "0") for name in ("pupils", "adults")}
        try:
            figures = pages.words(request)("error_numbers_only")
            await api.change_head_count(
                visits.holder(request, visit.link_secret),
                version=fields.get("version", ""),
                **{name: number(text, figures) for name, text in wrote.items()},
            )
        except SaidNo as no:
            return await refused.again(request, visit, no, BOOKING, wrote)
        return RedirectResponse("/min-bokning?klart=changed", 303)


def _cancelling(
    desk: APIRouter,
    settings: Settings,
    pages: Pages,
    api: ParticipantApi,
    visits: Visits,
    refused: RefusedForms,
) -> None:
    @desk.get("/avboka")
    async def ask(request: Request) -> Response:
        """Ask once more before cancelling."""
        visit = await visits.of(request)
        booking = await api.my_booking(visits.holder(request, visit.link_secret))
        return pages.show(request, "cancel.html", visit=visit, booking=booking)

    @desk.post("/avboka")
    async def cancel(request: Request) -> Response:
        """Cancel for good."""
        visit = await visits.of(request)
        fields = await own_form(request, settings, visit)
        holder = visits.holder(request, visit.link_secret)
        try:
            await api.cancel(holder, version=fields.get("version", ""))
        except SaidNo as no:
            # Pressed twice: what was asked for is so.
            if (await api.my_booking(holder)).state != "cancelled":
                return await refused.again(request, visit, no, CANCEL)
        return RedirectResponse("/min-bokning?klart=cancelled", 303)
