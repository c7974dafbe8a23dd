"""All routes of mentoring's pages."""

from __future__ import annotations

from fastapi import APIRouter

from services.web.staff.asking import StaffApis
from services.web.staff.cases import follow_up, listed, meetings, notes, overview, plan
from services.web.staff.cases.desk import CaseDesk
from services.web.staff.frame import StaffPages
from shared.kernel.clock import Clock


def routers(pages: StaffPages, apis: StaffApis, clock: Clock) -> list[APIRouter]:
    """One for each kind of page."""
    desk = CaseDesk(pages, apis, clock)
    kinds = (listed, overview, notes, meetings, plan, follow_up)
    return [kind.routes(desk) for kind in kinds]
