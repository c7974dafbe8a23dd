"""Search everywhere: the areas that one may see, asked side by side."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from fastapi import APIRouter, Request, Response

from services.web.staff.asking import StaffApis
from services.web.staff.door import Anybody, Staff
from services.web.staff.frame import StaffPages
from services.web.staff.words import StaffWords
from shared.kernel.refusal import NotFound

_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: its name, and a few soft words about it."""

    name: str
    address: str
    soft: str = ""


Finder = Callable[[StaffApis, Staff, StaffWords, str], Awaitable[Sequence[Hit]]]


@dataclass(frozen=True, slots=True)
class Searched:
    """An area that can be searched by whoever has one of the permissions."""

    permissions: tuple[str, ...]
    find: Finder


async def _cases(apis: StaffApis, staff: Staff, words: StaffWords, q: str) -> Sequence[Hit]:
    """One's own, by a part of the code word: never by a name, which is nowhere in their list."""
    asked = await apis.get(staff, "mentoring", "/v1/cases", q=q[:60], sort="pseudonym", limit=20)
    return [
        Hit(
            each["pseudonym"],
            f"/console/cases/{each['id']}",
            words.coded("staff_case_phase_", each["phase"]),
        )
        for each in asked.data["items"]
    ]


_NUMBER = re.compile(r"[0-9A-Za-z]{4}[- ]?[0-9A-Za-z]{4}")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


async def _occasions(apis: StaffApis, staff: Staff, words: StaffWords, q: str) -> Sequence[Hit]:
    """By a part of the name, or by id."""
    if _ID.fullmatch(q):
        found = [(await apis.get(staff, "booking", f"/v1/occasions/{q}")).data]
    else:
        asked = await apis.get(staff, "booking", "/v1/occasions", q=q, sort="-starts_at", limit=20)
        found = asked.data["items"]
    return [
        Hit(
            each["title"],
            f"/console/occasions/{each['id']}",
            f"{words.short(each['starts_at'])} · {each['room']}",
        )
        for each in found
    ]


async def _bookings(apis: StaffApis, staff: Staff, words: StaffWords, q: str) -> Sequence[Hit]:
    """By id: a booking has no name."""
    if not _ID.fullmatch(q):
        return ()
    found = (await apis.get(staff, "booking", f"/v1/bookings/{q}")).data
    state = words(f"staff_state_{found['state']}")
    return (Hit(words.party(found), f"/console/bookings/{q}", state),)


async def _traced(apis: StaffApis, staff: Staff, words: StaffWords, q: str) -> Sequence[Hit]:  # noqa: ARG001
    """Whatever has an id has a way through the services."""
    return (
        (Hit(words("staff_area_trace"), f"/console/trace?subject={q}", q),)
        if _ID.fullmatch(q)
        else ()
    )


async def _print_orders(apis: StaffApis, staff: Staff, words: StaffWords, q: str) -> Sequence[Hit]:
    """By the number that is said on the telephone."""
    if not _NUMBER.fullmatch(q):
        return ()
    found = (await apis.get(staff, "publishing", "/v1/print-orders", number=q)).data["items"]
    at = "/console/print-orders/"
    return [
        Hit(each["number"], f"{at}{each['id']}", f"{words('staff_print_order')} · {each['school']}")
        for each in found
    ]


SEARCHED: tuple[Searched, ...] = (
    Searched(("booking:occasions.read",), _occasions),
    Searched(("booking:bookings.read",), _bookings),
    Searched(("mentoring:cases.list",), _cases),
    Searched(("publishing:print-orders.read",), _print_orders),
    Searched(("booking:journal.read",), _traced),
)
"""To make an area searchable is to add a line."""


def routes(pages: StaffPages, apis: StaffApis) -> APIRouter:
    """`/console/search`."""
    desk = APIRouter(include_in_schema=False)

    @desk.get("/console/search")
    async def search(request: Request, staff: Anybody) -> Response:
        """What the words are found in."""
        q = " ".join(request.query_params.get("q", "").split())[:_LONGEST]
        words = pages.words(request)
        asked = [each for each in SEARCHED if q and staff.may(*each.permissions)]
        parts = await asyncio.gather(
            *(apis.part(each.find(apis, staff, words, q)) for each in asked)
        )
        said = [part.refusal for part in parts if part.refusal]
        return pages.show(
            request,
            staff,
            "search.html",
            q=q,
            hits=[hit for part in parts for hit in part.value or ()],
            refusals=[each for each in said if not isinstance(each, NotFound)],
        )

    return desk
