"""A quarter's figures for funders: as charts with their tables, small groups hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.asking import StaffApis
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.following.drawn import Chart, chart_of, said
from services.web.staff.frame import StaffPages
from services.web.staff.listing import shown
from services.web.staff.words import StaffWords
from shared.kernel.clock import Clock
from shared.kernel.ids import new_id
from shared.kernel.refusal import NotFound

Reader = Annotated[Staff, opens("mentoring:statistics.read")]
Publisher = Annotated[Staff, opens("mentoring:statistics.publish")]
_QUARTER = re.compile(r"20[0-9]{2}-Q[1-4]")
_AT = "/console/statistics"
_BACK = 6
_BY_AGE = ("under-13", "13-15", "16-18", "19-25", "over-25")


def routes(pages: StaffPages, apis: StaffApis, clock: Clock) -> APIRouter:
    """`/console/statistics`."""
    desk = APIRouter(prefix=_AT, include_in_schema=False)

    async def page(request: Request, staff: Staff, quarter: str, no: SaidNo | None) -> Response:
        words = pages.words(request)
        found = await apis.part(apis.get(staff, "mentoring", f"/v1/statistics/{quarter}"))
        data = found.value.data if found.value else None
        return pages.show(
            request,
            staff,
            "following/statistics.html",
            status=no.status if no else 200,
            wrong=no.sentence if no else "",
            quarter=quarter,
            quarters=_quarters(clock.now()),
            published=data,
            refusal=None if isinstance(found.refusal, NotFound) else found.refusal,
            charts=charts(words, data["tables"]) if data else [],
            once=new_id(),
        )

    @desk.get("")
    async def seen(request: Request, staff: Reader) -> Response:
        """What was published of a quarter."""
        asked = shown(request, filters=("quarter",))
        return await page(request, staff, _chosen(clock, asked.filters.get("quarter", "")), None)

    @desk.post("")
    async def publish(request: Request, staff: Publisher, form: StaffForm) -> Response:
        """Once and for good: two versions could be subtracted from each other."""
        quarter = _chosen(clock, form.get("quarter", ""))
        if form.get("sure") != "yes":
            unsure = SaidNo(pages.words(request)("staff_statistics_say_sure"), status=422)
            return await page(request, staff, quarter, unsure)
        path, once = f"/v1/statistics/{quarter}", form.get("once", "")
        try:
            await apis.send(staff, "POST", "mentoring", path, once=once)
        except SaidNo as no:
            return await page(request, staff, quarter, no)
        return RedirectResponse(f"{_AT}?quarter={quarter}", 303)

    return desk


def charts(words: StaffWords, tables: Mapping[str, Mapping[str, int | None]]) -> list[Chart]:
    """In the order of their names."""
    return [
        chart_of(words, _named(words, name), table, _BY_AGE)
        for name, table in sorted(tables.items())
    ]


def _named(words: StaffWords, table: str) -> str:
    kind, _, by = table.partition("/")
    return f"{said(words, kind, 'kind')} · {said(words, by, 'by')}"


def _chosen(clock: Clock, quarter: str) -> str:
    return quarter if _QUARTER.fullmatch(quarter) else _quarters(clock.now())[0]


def _quarters(now: datetime) -> list[str]:
    """Those that are over, the last first."""
    count = now.year * 4 + (now.month - 1) // 3
    return [f"{each // 4}-Q{each % 4 + 1}" for each in range(count - 1, count - 1 - _BACK, -1)]
