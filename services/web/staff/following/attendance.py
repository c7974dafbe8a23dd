"""Who came, in figures for funders: by kind, age and municipality, quarter by quarter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from services.web.asking import SaidNo
from services.web.staff.asking import StaffApis
from services.web.staff.door import Staff, StaffForm, opens
from services.web.staff.following.drawn import Chart, by_count, chart_of, said
from services.web.staff.frame import StaffPages
from services.web.staff.listing import shown
from services.web.staff.words import StaffWords
from shared.kernel.ids import new_id

Reader = Annotated[Staff, opens("booking:statistics.read")]
Publisher = Annotated[Staff, opens("booking:statistics.publish")]
_AT = "/console/statistics/attendance"
_GRADES = ("f", "1", "2", "3", "4", "5", "6", "7", "8", "9", "gy1", "gy2", "gy3")
_BANDS = ("under-13", "13-15", "16-18", "19-25", "over-25")
_BY_AGE = (*(f"grade-{grade}" for grade in _GRADES), *_BANDS, "leader", "unknown")
_KINDS = ("workshop", "lecture", "training", "open-evening", "consultation")


@dataclass(frozen=True, slots=True)
class AttendancePages:
    """What the pages of attendance in figures ask and show."""

    pages: StaffPages
    apis: StaffApis

    async def page(
        self, request: Request, staff: Staff, asked: Mapping[str, str], no: SaidNo | None = None
    ) -> Response:
        """A quarter as it was published, or what is left to count before it is."""
        lines = (await self.apis.get(staff, "booking", "/v1/statistics")).data["items"]
        line = next((e for e in lines if e["quarter"] == asked.get("quarter")), lines[0])
        words, data = self.pages.words(request), None
        if line["published_at"]:
            path = f"/v1/statistics/{line['quarter']}"
            data = (await self.apis.get(staff, "booking", path)).data
        kind = asked.get("kind", "")
        kind = kind if kind in _KINDS else ""
        return self.pages.show(
            request,
            staff,
            "following/attendance.html",
            status=no.status if no else 200,
            wrong=no.sentence if no else "",
            lines=lines,
            line=line,
            shown=shown(request, filters=("quarter", "kind")),
            kind=kind,
            kinds=[(each, said(words, each, "activity")) for each in _KINDS],
            published=data,
            figures=data["kinds"].get(kind) if data and kind else None,
            charts=_charts(words, data, kind, lines) if data else [],
            once=new_id(),
        )


def routes(pages: StaffPages, apis: StaffApis) -> APIRouter:
    """`/console/statistics/attendance`."""
    desk = APIRouter(prefix=_AT, include_in_schema=False)
    attendance = AttendancePages(pages, apis)

    @desk.get("")
    async def seen(request: Request, staff: Reader) -> Response:
        """What was published of a quarter, all kinds or one."""
        return await attendance.page(
            request, staff, shown(request, filters=("quarter", "kind")).filters
        )

    @desk.post("")
    async def publish(request: Request, staff: Publisher, form: StaffForm) -> Response:
        """Once and for good: two versions could be subtracted from each other."""
        lines = (await apis.get(staff, "booking", "/v1/statistics")).data["items"]
        known = {each["quarter"] for each in lines}
        quarter = form.get("quarter", "")
        if form.get("sure") != "yes" or quarter not in known:
            unsure = SaidNo(pages.words(request)("staff_statistics_say_sure"), status=422)
            return await attendance.page(request, staff, form, unsure)
        path, once = f"/v1/statistics/{quarter}", form.get("once", "")
        try:
            await apis.send(staff, "POST", "booking", path, once=once)
        except SaidNo as no:
            return await attendance.page(request, staff, form, no)
        return RedirectResponse(f"{_AT}?quarter={quarter}", 303)

    return desk


def _charts(
    words: StaffWords, data: Mapping[str, Any], kind: str, lines: Sequence[Mapping[str, Any]]
) -> list[Chart]:
    """All kinds beside each other; or one by age and place, and how it was before."""
    over_time = _over_time(words, kind, lines)
    if not kind:
        people = {said(words, k, "activity"): each["people"] for k, each in data["kinds"].items()}
        return [by_count(chart_of(words, words("staff_attended_by_kind"), people)), over_time]
    tables = data["kinds"].get(kind, {}).get("tables", {})
    return [
        chart_of(words, words("staff_attended_by_age"), tables.get("age", {}), _BY_AGE),
        by_count(chart_of(words, words("staff_attended_by_place"), tables.get("municipality", {}))),
        over_time,
    ]


def _over_time(words: StaffWords, kind: str, lines: Sequence[Mapping[str, Any]]) -> Chart:
    """Quarter by quarter, the oldest first; of all kinds what is shown of each is added up."""
    counts: dict[str, int | None] = {}
    for line in sorted(lines, key=lambda each: each["quarter"]):
        if line["people"] is not None:
            of = [line["people"].get(kind)] if kind else list(line["people"].values())
            known = [count for count in of if count is not None]
            counts[line["quarter"]] = sum(known) if known else None
    return chart_of(words, words("staff_attended_over_time"), counts, list(counts))
