"""All routes of operations' pages."""

from __future__ import annotations

from fastapi import APIRouter

from services.web.staff.asking import StaffApis
from services.web.staff.frame import StaffPages
from services.web.staff.operations import many_parked, messages, parked, trace


def routers(pages: StaffPages, apis: StaffApis) -> list[APIRouter]:
    """All of them."""
    many = many_parked.many(apis)
    return [
        many_parked.routes(pages, many),
        parked.routes(pages, apis, many),
        trace.routes(pages, apis),
        messages.routes(pages, apis),
    ]
