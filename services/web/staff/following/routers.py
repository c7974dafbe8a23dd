"""All routes of the pages that look back."""

from __future__ import annotations

from fastapi import APIRouter

from services.web.staff.asking import StaffApis
from services.web.staff.following import sample, statistics
from services.web.staff.frame import StaffPages
from shared.kernel.clock import Clock


def routers(pages: StaffPages, apis: StaffApis, clock: Clock) -> list[APIRouter]:
    """Both."""
    return [sample.routes(pages, apis, clock), statistics.routes(pages, apis, clock)]
