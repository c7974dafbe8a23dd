"""Erbjudande: one question with a deadline, yes or no."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.own_forms import UnreadableForm, own_form
from services.web.pages import Pages
from services.web.participant_api import ParticipantApi
from services.web.public.my_booking import HOLDER
from services.web.public.refused_forms import OFFER, RefusedForms
from services.web.public.visits import Visits
from services.web.settings import Settings


def routes(settings: Settings, pages: Pages, api: ParticipantApi, visits: Visits) -> APIRouter:
    """`/erbjudande`."""
    desk = APIRouter(prefix="/erbjudande", include_in_schema=False, dependencies=[HOLDER])
    refused = RefusedForms(pages, api, visits)
    answers = {"ja": (api.accept, "accepted"), "nej": (api.refuse, "refused")}

    @desk.get("")
    async def show(request: Request) -> Response:
        """The open offer, or that there is none."""
        visit = await visits.of(request)
        booking = await api.my_booking(visits.holder(request, visit.link_secret))
        return pages.show(request, "offer.html", visit=visit, booking=booking)

    @desk.post("")
    async def answered(request: Request) -> Response:
        """Take the places, or let them go."""
        visit = await visits.of(request)
        fields = await own_form(request, settings, visit)
        if fields.get("svar") not in answers:
            raise UnreadableForm
        answer, done = answers[fields["svar"]]
        holder = visits.holder(request, visit.link_secret)
        try:
            await answer(holder, version=fields.get("version", ""))
        except SaidNo as no:
            return await refused.again(request, visit, no, OFFER)
        return RedirectResponse(f"/min-bokning?klart={done}", 303)

    return desk
