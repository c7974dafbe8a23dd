"""All routes of mentoring's pages."""

from __future__ import annotations

from fastapi import APIRouter

from services.web.staff.asking import StaffApis
from services.web.staff.cases import (
    circle,
    closing,
    consultations,
    emergency,
    follow_up,
    listed,
    matchings,
    meetings,
    mentors,
    notes,
    overview,
    plan,
    referrals,
)
from services.web.staff.cases.desk import CaseDesk
from services.web.staff.frame import StaffPages
from shared.kernel.clock import Clock


def routers(pages: StaffPages, apis: StaffApis, clock: Clock) -> list[APIRouter]:
    """One for each kind of page."""
    desk = CaseDesk(pages, apis, clock)
    of_a_case = (overview, notes, meetings, plan, follow_up, circle, closing, emergency)
    around = (referrals, consultations, matchings, mentors)
    return [kind.routes(desk) for kind in (listed, *of_a_case, *around)]
