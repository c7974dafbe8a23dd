"""Flytta: another day for the same activity, chosen among those that are coming."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import Holder, SaidNo
from services.web.own_forms import own_form
from services.web.pages import Pages
from services.web.participant_api import MyBooking, ParticipantApi
from services.web.programme_api import Entry, ProgrammeApi
from services.web.public.my_booking import HOLDER
from services.web.public.visits import Visits
from services.web.settings import Settings
from services.web.storage.sessions import Visit
from shared.kernel.refusal import NotFound

_MOST = 50


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes ask."""

    settings: Settings
    pages: Pages
    mine: ParticipantApi
    programme: ProgrammeApi
    visits: Visits


def routes(desk: Desk) -> APIRouter:
    """`/min-bokning/flytta`."""
    router = APIRouter(prefix="/min-bokning/flytta", include_in_schema=False, dependencies=[HOLDER])

    @router.get("")
    async def ask(request: Request) -> Response:
        """When else the same is given."""
        return await _shown(desk, request, await desk.visits.of(request))

    @router.post("")
    async def moved(request: Request) -> Response:
        """Move there; or the page again, with why not."""
        visit = await desk.visits.of(request)
        fields = await own_form(request, desk.settings, visit)
        words, to = desk.pages.words(request), fields.get("till", "")
        if not to:
            return await _shown(desk, request, visit, wrong=words("move_choose"), status=422)
        holder = desk.visits.holder(request, visit.link_secret)
        try:
            await desk.mine.move(
                holder, to, wait=bool(fields.get("wait")), version=fields.get("version", "")
            )
        except SaidNo as no:
            changed = no.why == "version-conflict"
            sentence = words.refusal(no.why, no.sentence)
            wrong = words("error_changed_meanwhile") if changed else sentence
            return await _shown(desk, request, visit, wrong=wrong, status=no.status, to=to)
        return RedirectResponse("/min-bokning?klart=moved", 303)

    return router


async def _shown(
    desk: Desk,
    request: Request,
    visit: Visit,
    *,
    wrong: str = "",
    status: int = 200,
    to: str = "",
) -> Response:
    holder = desk.visits.holder(request, visit.link_secret)
    booking = await desk.mine.my_booking(holder)
    if booking.state not in ("confirmed", "waiting") or booking.occasion.has_started:
        return RedirectResponse("/min-bokning", 303)
    others = await _others(desk, desk.visits.holder(request, ""), booking)
    return desk.pages.show(
        request, "move.html", status=status, here="/min-bokning/flytta", visit=visit,
        booking=booking, others=others, wrong=wrong, to=to,
    )  # fmt: skip


async def _others(desk: Desk, holder: Holder, booking: MyBooking) -> list[Entry]:
    try:
        mine = await desk.programme.one(holder, booking.occasion_id)
    except NotFound:
        return []
    wanted = {"activity_id": mine.activity_id}
    found = await desk.programme.listed(holder, wanted, limit=_MOST)
    return [each for each in found.items if each.id != mine.id]
