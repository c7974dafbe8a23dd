"""All routes of booking's pages."""

from __future__ import annotations

from fastapi import APIRouter

from services.web.staff.asking import StaffApis
from services.web.staff.booking import (
    attendance,
    bookings,
    imports,
    line,
    many_bookings,
    moving,
    occasion,
    occasions,
    rooms,
    taking_back,
)
from services.web.staff.frame import StaffPages
from shared.kernel.clock import Clock


def routers(pages: StaffPages, apis: StaffApis, clock: Clock) -> list[APIRouter]:
    """Lists before what stands in them: `/week` is no id."""
    many = many_bookings.many(apis, clock)
    return [
        occasions.routes(pages, apis, clock),
        line.routes(pages, apis),
        attendance.routes(pages, apis),
        occasion.routes(pages, apis, many),
        many_bookings.routes(pages, many),
        bookings.routes(pages, apis, many),
        moving.routes(pages, apis, clock),
        taking_back.routes(pages, apis),
        rooms.routes(pages, apis, clock),
        imports.routes(pages, apis),
    ]
