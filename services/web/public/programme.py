"""Programmet: what is coming, with filters in the address; an occasion, and its calendar file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from icalendar import Calendar, Event

from services.web.asking import Holder, ServiceAway
from services.web.pages import Pages
from services.web.programme_api import PAGE, Choices, Entry, ProgrammeApi
from services.web.public.visits import Visits
from services.web.settings import Settings
from shared.kernel.clock import real_now
from shared.web.permissions import open_to_all
from shared.web.refusals import TooManyRequests

_ANYBODY = open_to_all("the programme is for everybody")
_FILTERS = {"typ": "kind", "malgrupp": "target_group", "plats": "room"}
"""A filter's name in the address → what booking calls it."""
_DAYS = {"fran": "from", "till": "to"}
_FURTHEST = 100_000


@dataclass(frozen=True, slots=True)
class Desk:
    """What the routes ask."""

    settings: Settings
    pages: Pages
    api: ProgrammeApi
    visits: Visits

    def anybody(self, request: Request) -> Holder:
        """A visitor without a link."""
        return self.visits.holder(request, "")


def routes(settings: Settings, pages: Pages, api: ProgrammeApi, visits: Visits) -> APIRouter:
    """`/program…`."""
    router = APIRouter(prefix="/program", include_in_schema=False, dependencies=[_ANYBODY])
    desk = Desk(settings, pages, api, visits)
    _listed(router, desk)
    _one(router, desk)
    return router


def _listed(router: APIRouter, desk: Desk) -> None:
    @router.get("")
    async def listed(request: Request) -> Response:
        """What is coming; what cannot be a filter is no filter."""
        holder = desk.anybody(request)
        choices = await desk.api.choices(holder)
        chosen = _chosen(request.query_params, choices)
        wanted = {(_FILTERS | _DAYS)[name]: value for name, value in chosen.items()}
        offset = _offset(request.query_params.get("sida", ""))
        found = await desk.api.listed(holder, wanted, offset=offset)
        return desk.pages.show(
            request, "programme_list.html", visit=await desk.visits.maybe(request),
            here=f"/program?{urlencode(chosen)}" if chosen else "/program",
            found=found, choices=choices, chosen=chosen, offset=offset,
            newer=_page(chosen, offset - PAGE) if offset else None,
            older=_page(chosen, offset + PAGE) if offset + PAGE < found.total else None,
        )  # fmt: skip


def _one(router: APIRouter, desk: Desk) -> None:
    @router.get("/{occasion_id}")
    async def one(occasion_id: str, request: Request) -> Response:
        """An occasion, and when else the same is given."""
        holder = desk.anybody(request)
        entry = await desk.api.one(holder, occasion_id)
        return desk.pages.show(
            request, "programme_occasion.html", visit=await desk.visits.maybe(request),
            entry=entry, others=await _others(desk, holder, entry),
        )  # fmt: skip

    @router.get("/{occasion_id}/kalender.ics")
    async def calendar(occasion_id: str, request: Request) -> Response:
        """The occasion for somebody's own calendar. It says no more than the page does."""
        entry = await desk.api.one(desk.anybody(request), occasion_id)
        headers = {"Content-Disposition": 'attachment; filename="tillfalle.ics"'}
        return Response(_ics(entry, desk.settings.origin), 200, headers, "text/calendar")


async def _others(desk: Desk, holder: Holder, entry: Entry) -> list[Entry]:
    try:
        found = await desk.api.listed(holder, {"activity_id": entry.activity_id}, limit=4)
    except (ServiceAway, TooManyRequests):
        return []
    return [each for each in found.items if each.id != entry.id][:3]


def _chosen(asked: Mapping[str, str], choices: Choices) -> dict[str, str]:
    known = {"typ": choices.kinds, "malgrupp": choices.target_groups, "plats": choices.rooms}
    words = {name: asked.get(name, "") for name in _FILTERS}
    days = {name: asked.get(name, "") for name in _DAYS}
    return {
        **{name: value for name, value in words.items() if value in known[name]},
        **{name: value for name, value in days.items() if _is_a_day(value)},
    }


def _is_a_day(text: str) -> bool:
    try:
        return len(text) == 10 and date.fromisoformat(text).year > 1
    except ValueError:
        return False


def _offset(text: str) -> int:
    """Of the page with this number, from 1; anything else is the first."""
    if not (text.isascii() and text.isdigit() and len(text) <= 4):
        return 0
    return min(max(int(text) - 1, 0) * PAGE, _FURTHEST)


def _page(chosen: Mapping[str, str], offset: int) -> str:
    number = max(offset, 0) // PAGE + 1
    asked = {**chosen, **({"sida": str(number)} if number > 1 else {})}
    return f"/program?{urlencode(asked)}" if asked else "/program"


def _ics(entry: Entry, origin: str) -> bytes:
    event = Event()
    event.add("uid", f"{entry.id}@{origin.partition('://')[2]}")
    event.add("dtstamp", real_now().astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", entry.title)
    event.add("location", entry.room)
    event.add("url", f"{origin}/program/{entry.id}")
    if entry.cancelled:
        event.add("status", "CANCELLED")
    calendar = Calendar()
    calendar.add("prodid", "-//program//SV")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written
