"""The start page: the day's work first, in parts that each can fail alone."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from services.web.staff.asking import Part, StaffApis
from services.web.staff.door import Anybody
from services.web.staff.frame import StaffPages
from services.web.staff.start_parts import PARTS
from shared.kernel.clock import Clock


@dataclass(frozen=True, slots=True)
class _Shown:
    name: str
    column: int
    kinds: str
    more: str
    part: Part[Any]


def routes(pages: StaffPages, apis: StaffApis, clock: Clock) -> APIRouter:
    """`/console`."""
    desk = APIRouter(include_in_schema=False)

    @desk.get("/console")
    async def start(request: Request, staff: Anybody) -> Response:
        """All parts, asked side by side."""
        now = clock.now()
        wanted = [each for each in PARTS if staff.may(*each.permissions)]
        found = await asyncio.gather(*(apis.part(e.ask(apis, staff, now)) for e in wanted))
        shown = [
            _Shown(each.name, each.column, each.kinds, each.more, part)
            for each, part in zip(wanted, found, strict=True)
        ]
        columns = [[each for each in shown if each.column == n] for n in (0, 1)]
        return pages.show(
            request,
            staff,
            "start.html",
            today=pages.words(request).weekday(now),
            columns=[column for column in columns if column],
            live=" ".join(
                sorted({kind.partition(":")[0] for e in shown for kind in e.kinds.split()})
            ),
        )

    return desk
