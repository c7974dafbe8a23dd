"""All routes of the pages that look back."""

from __future__ import annotations

from fastapi import APIRouter

from services.web.staff.asking import StaffApis
from services.web.staff.following import attendance, sample, statistics
from services.web.staff.frame import StaffPages
from shared.kernel.clock import Clock


def routers(pages: StaffPages, apis: StaffApis, clock: Clock) -> list[APIRouter]:
    """All of them."""
    return [
        sample.routes(pages, apis, clock),
        attendance.routes(pages, apis),
        statistics.routes(pages, apis, clock),
    ]
