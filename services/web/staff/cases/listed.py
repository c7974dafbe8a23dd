"""My cases by code word: filtered and sorted in the address, and found by a part of the word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response

from services.web.staff.asking import StaffApis
from services.web.staff.cases.desk import CASES, MENTORING, CaseDesk
from services.web.staff.cases.waiting import what_waits
from services.web.staff.door import Staff, opens
from services.web.staff.listing import Shown, shown

Lister = Annotated[Staff, opens("mentoring:cases.list")]
PHASES = ("intake", "assessment", "planning", "active", "closing", "aftercare")
_AT_ONCE, _MOST = 100, 1000
_SORTS: Mapping[str, str] = {
    "name": "pseudonym",
    "phase": "phase",
    "review": "next_review_on",
    "contact": "last_contact_on",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A case in the list, and why it wants to be looked at."""

    case: Mapping[str, Any]
    waits: Sequence[tuple[str, str]]


def routes(desk: CaseDesk) -> APIRouter:
    """`/console/cases`."""
    router = APIRouter(include_in_schema=False)

    @router.get(CASES)
    async def listed(request: Request, staff: Lister) -> Response:
        """All that one stands around; filtered here, as the API gives them whole."""
        asked = shown(request, filters=("phase", "needs", "q"), sorts=tuple(_SORTS))
        cases = await own_cases(desk.apis, staff)
        lines = [Line(each, what_waits(each, desk.today())) for each in cases]
        found = _sorted([each for each in lines if _fits(each, asked)], asked.sort)
        return desk.page(
            request,
            staff,
            "list",
            live=MENTORING,
            shown=asked,
            lines=found[asked.offset : asked.offset + asked.limit],
            total=len(found),
            any=bool(cases),
            phases=PHASES,
        )

    return router


async def own_cases(apis: StaffApis, staff: Staff) -> list[Mapping[str, Any]]:
    """Every case that somebody stands around, newest first, a thousand at the most."""
    found: list[Mapping[str, Any]] = []
    total = 1
    while len(found) < min(total, _MOST):
        page = {"limit": _AT_ONCE, "offset": len(found)}
        answer = (await apis.get(staff, MENTORING, "/v1/cases", **page)).data
        total = answer["total"] if answer["items"] else 0
        found += answer["items"]
    return found


def _fits(line: Line, asked: Shown) -> bool:
    case, wanted = line.case, asked.filters
    return (
        wanted.get("phase", case["phase"]) == case["phase"]
        and (not wanted.get("needs") or bool(line.waits))
        and wanted.get("q", "").casefold() in case["pseudonym"].casefold()
    )


def _sorted(lines: list[Line], sort: str) -> list[Line]:
    """Without a wish: what waits first, then the next review."""
    name = sort.removeprefix("-")
    if not name:
        return sorted(lines, key=lambda e: (not e.waits, e.case["next_review_on"] or "9"))
    if name == "phase":
        return sorted(
            lines, key=lambda e: PHASES.index(e.case["phase"]), reverse=sort.startswith("-")
        )
    key = _SORTS[name]
    known = [each for each in lines if each.case[key] is not None]
    rest = [each for each in lines if each.case[key] is None]
    return sorted(known, key=lambda e: e.case[key], reverse=sort.startswith("-")) + rest
