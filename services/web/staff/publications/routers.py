"""All routes of publications' pages."""

from __future__ import annotations

from fastapi import APIRouter

from services.web.proxy.handing_on import HandingOn
from services.web.staff.asking import StaffApis
from services.web.staff.frame import StaffPages
from services.web.staff.publications import (
    many_orders,
    pictures,
    print_orders,
    publications,
    releasing,
    writing,
)


def routers(pages: StaffPages, apis: StaffApis, hand_on: HandingOn) -> list[APIRouter]:
    """All of them."""
    many = many_orders.many(apis)
    editors = publications.Publications(pages, apis)
    return [
        many_orders.routes(pages, many),
        publications.routes(editors),
        writing.routes(editors),
        pictures.routes(editors),
        releasing.routes(editors),
        print_orders.routes(print_orders.PrintOrders(pages, apis, many), hand_on),
    ]
