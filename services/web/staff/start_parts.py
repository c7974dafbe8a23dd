"""The parts of the start page, as data: what each asks, and who may see it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.web.staff.asking import Part, StaffApis
from services.web.staff.door import Staff
from services.web.wording import STOCKHOLM
from shared.kernel.refusal import Refusal

Ask = Callable[[StaffApis, Staff, datetime], Awaitable[Any]]
TOO_LONG_DAYS = 14
"""What the social services give themselves for the same first look (förhandsbedömning)."""
_SERVICES = ("booking", "mentoring", "notifications", "publishing")


@dataclass(frozen=True, slots=True)
class StartPart:
    """One part. `kinds` are the changes (`<service>:<kind>`) that renew it; `more` leads on.

    Its words are `staff_start_<name>`, its template `templates/staff/start/<name>.html`.
    """

    name: str
    permissions: tuple[str, ...]
    column: int
    ask: Ask
    kinds: str = ""
    more: str = ""


async def _occasions(apis: StaffApis, staff: Staff, now: datetime) -> Mapping[str, Any]:
    """What begins today, or where nothing does, what comes next; a leader's own."""
    today = now.astimezone(ZoneInfo(STOCKHOLM)).date()
    own = "" if staff.may("booking:occasions.write") else "true"
    query = {"from": today, "mine": own, "limit": 8}
    found = (await apis.get(staff, "booking", "/v1/occasions", **query)).data
    items = [each for each in found["items"] if not each["cancelled"]]
    todays = [each for each in items if each["starts_local"][:10] == today.isoformat()]
    return {"items": todays or items[:4], "today": bool(todays), "total": found["total"]}


async def _needs_you(apis: StaffApis, staff: Staff, now: datetime) -> Mapping[str, Any]:
    """Offers that run out, what somebody should decide, messages that nobody knows the end of."""
    today = now.astimezone(ZoneInfo(STOCKHOLM)).date()
    flagged = {"from": today, "state": "flagged", "limit": 3}
    large = {"flag": "larger-than-room", "state": "waiting", "limit": 1}
    offers, unsure, marked, larger = await asyncio.gather(
        apis.part(apis.get(staff, "booking", "/v1/bookings", state="offered", limit=5)),
        apis.part(apis.get(staff, "notifications", "/v1/deliveries", limit=5)),
        apis.part(apis.get(staff, "booking", "/v1/occasions", **flagged)),
        apis.part(apis.get(staff, "booking", "/v1/bookings", **large)),
    )
    found = {
        "offers": _found(offers),
        "unsure": _found(unsure),
        "flagged": _found(marked),
        "larger": _found(larger)["total"],
    }
    return {**found, "away": _refusals(offers, unsure)}


async def _line(apis: StaffApis, staff: Staff, now: datetime) -> Any:
    """Where people wait for what is still to come, the most waiting first."""
    today = now.astimezone(ZoneInfo(STOCKHOLM)).date()
    query = {"from": today, "state": "waiting", "sort": "-waiting", "limit": 3}
    return (await apis.get(staff, "booking", "/v1/occasions", **query)).data


async def _attention(apis: StaffApis, staff: Staff, _: datetime) -> Any:
    return (await apis.get(staff, "mentoring", "/v1/attention", limit=10)).data


async def _incoming(apis: StaffApis, staff: Staff, now: datetime) -> Mapping[str, Any]:
    """Referrals that nobody has decided, whoever has waited longest first, with days waited."""
    query = {"state": "received", "sort": "oldest", "limit": 5}
    found = (await apis.get(staff, "mentoring", "/v1/referrals", **query)).data
    came = {each["id"]: datetime.fromisoformat(each["received_at"]) for each in found["items"]}
    waited = {id_: (now - at).days for id_, at in came.items()}
    return {**found, "waited": waited, "too_long": TOO_LONG_DAYS}


async def _mailings(apis: StaffApis, staff: Staff, _: datetime) -> list[Any]:
    """Those on their way, with how far each has come."""
    found = (await apis.get(staff, "publishing", "/v1/mailings", state="running", limit=5)).data
    asked = (
        apis.get(staff, "publishing", f"/v1/mailings/{each['id']}/progress")
        for each in found["items"]
    )
    return [each.data for each in await asyncio.gather(*asked)]


async def _sample(_: StaffApis, staff: Staff, now: datetime) -> Mapping[str, Any]:
    """The month that is over, of each service whose readings one follows up.

    No service is asked: to open a sample is a reading that is recorded, and this page opens often.
    """
    over = now.astimezone(ZoneInfo(STOCKHOLM)).date().replace(day=1) - timedelta(days=1)
    mine = [each for each in _SERVICES if staff.may(f"{each}:audit.follow-up")]
    return {"month": f"{over:%Y-%m}", "first": over.replace(day=1), "services": mine}


async def _parked(apis: StaffApis, staff: Staff, _: datetime) -> list[tuple[str, Part[Any]]]:
    """How many messages each service gave up."""
    parts = await asyncio.gather(
        *(apis.part(apis.get(staff, s, "/v1/dead-letters", limit=1)) for s in _SERVICES)
    )
    return list(zip(_SERVICES, parts, strict=True))


def _found(part: Part[Any]) -> Mapping[str, Any]:
    return part.value.data if part.value else {"items": [], "total": 0}


def _refusals(*parts: Part[Any]) -> list[Refusal]:
    return [part.refusal for part in parts if part.refusal]


PARTS: tuple[StartPart, ...] = (
    StartPart(
        "occasions",
        ("booking:occasions.read",),
        0,
        _occasions,
        "booking:occasion booking:booking",
        "/console/occasions/week",
    ),
    StartPart("mailings", ("publishing:mailings.read",), 0, _mailings, "", "/console/mailings"),
    StartPart("attention", ("mentoring:attention.read",), 0, _attention, "mentoring:attention"),
    StartPart("incoming", ("mentoring:referrals.read",), 1, _incoming, "", "/console/referrals"),
    StartPart("parked", ("booking:dead-letters.handle",), 0, _parked, "", "/console/parked"),
    StartPart(
        "sample",
        tuple(f"{service}:audit.follow-up" for service in _SERVICES),
        1,
        _sample,
        "",
        "/console/follow-up",
    ),
    StartPart(
        "needs_you",
        ("booking:bookings.read",),
        1,
        _needs_you,
        "booking:booking booking:occasion notifications:message",
        "/console/bookings",
    ),
    StartPart(
        "line",
        ("booking:line.read",),
        1,
        _line,
        "booking:booking booking:occasion",
        "/console/line",
    ),
)
"""In the order in which they stand in each column."""
