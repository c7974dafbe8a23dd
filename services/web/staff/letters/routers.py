"""All routes of newsletters' pages."""

from __future__ import annotations

from fastapi import APIRouter

from services.web.staff.asking import StaffApis
from services.web.staff.frame import StaffPages
from services.web.staff.letters import lists, mailings, newsletters, pictures, segments, writing


def routers(pages: StaffPages, apis: StaffApis) -> list[APIRouter]:
    """Lists before what stands in them."""
    letters = newsletters.Letters(pages, apis)
    return [
        newsletters.routes(letters),
        writing.routes(letters),
        pictures.routes(letters),
        mailings.routes(pages, apis),
        lists.routes(letters),
        segments.routes(letters),
    ]
