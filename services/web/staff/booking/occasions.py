"""Occasions as a table and as a week: filtered by what stands in the address."""

from __future__ import annotations

import asyncio
import re
from datetime import date, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response

from services.web.staff.asking import Part, StaffApis
from services.web.staff.door import Staff, opens
from services.web.staff.frame import StaffPages
from services.web.staff.listing import shown
from services.web.wording import STOCKHOLM
from shared.kernel.clock import Clock

Reader = Annotated[Staff, opens("booking:occasions.read")]
FILTERS = ("from", "to", "activity_id", "room", "state", "q", "mine")
SORTS = ("starts_at", "title", "waiting")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WEEK_NAME = re.compile(r"([0-9]{4})-W([0-9]{2})")
_STATES = frozenset({"free", "full", "waiting", "offered", "flagged", "cancelled"})


def routes(pages: StaffPages, apis: StaffApis, clock: Clock) -> APIRouter:
    """`/console/occasions` and `/console/occasions/week`."""
    desk = APIRouter(prefix="/console/occasions", include_in_schema=False)
    _table(desk, pages, apis, clock)
    _week(desk, pages, apis, clock)
    return desk


def _table(desk: APIRouter, pages: StaffPages, apis: StaffApis, clock: Clock) -> None:
    @desk.get("")
    async def listed(request: Request, staff: Reader) -> Response:
        """A table: from today on unless the address says otherwise."""
        asked = shown(request, filters=FILTERS, sorts=SORTS)
        query = _query(asked.filters, today(clock))
        found, activities, rooms = await asyncio.gather(
            apis.get(
                staff,
                "booking",
                "/v1/occasions",
                **query,
                sort=asked.sort,
                limit=asked.limit,
                offset=asked.offset,
            ),
            apis.part(apis.get(staff, "booking", "/v1/activities", limit=100)),
            apis.part(apis.get(staff, "booking", "/v1/rooms", limit=100)),
        )
        return pages.show(
            request,
            staff,
            "booking/occasions.html",
            live="booking",
            shown=asked,
            found=found.data,
            activities=[(each["id"], each["title"]) for each in _items(activities)],
            rooms=[(each["name"], each["name"]) for each in _items(rooms)],
        )


def _week(desk: APIRouter, pages: StaffPages, apis: StaffApis, clock: Clock) -> None:
    @desk.get("/week")
    async def week(request: Request, staff: Reader) -> Response:
        """Seven days beside each other."""
        monday = _monday(request.query_params.get("week", ""), today(clock))
        days = [monday + timedelta(days=n) for n in range(7)]
        query = {"from": monday, "to": days[-1], "limit": 100}
        found = (await apis.get(staff, "booking", "/v1/occasions", **query)).data
        by_day = [
            (day, [e for e in found["items"] if e["starts_local"][:10] == day.isoformat()])
            for day in days
        ]
        return pages.show(
            request,
            staff,
            "booking/week.html",
            live="booking",
            by_day=by_day,
            today=today(clock),
            number=monday.isocalendar().week,
            year=monday.isocalendar().year,
            earlier=_named(monday - timedelta(days=7)),
            later=_named(monday + timedelta(days=7)),
            total=found["total"],
        )


def today(clock: Clock) -> date:
    """The local day."""
    return clock.now().astimezone(ZoneInfo(STOCKHOLM)).date()


def _query(filters: Any, day: date) -> dict[str, Any]:
    """Only what the API would take; a day that is none is left out."""
    query = dict(filters)
    for name in ("from", "to"):
        if name in query and not _DAY.fullmatch(query[name]):
            del query[name]
    if query.get("state") not in _STATES:
        query.pop("state", None)
    query["mine"] = "true" if query.get("mine") else ""
    return {"from": day, **query} if not query.get("to") else query


def _monday(text: str, day: date) -> date:
    found = _WEEK_NAME.fullmatch(text)
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else _start_of(day)
    except ValueError:
        return _start_of(day)


def _start_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _named(monday: date) -> str:
    year, number, _ = monday.isocalendar()
    return f"/console/occasions/week?week={year}-W{number:02}"


def _items(part: Part[Any]) -> list[Any]:
    return list(part.value.data["items"]) if part.value else []
