"""All routes of the network's pages."""

from __future__ import annotations

from fastapi import APIRouter

from services.web.staff.asking import StaffApis
from services.web.staff.frame import StaffPages
from services.web.staff.partners import bulletins, partners, webhooks


def routers(pages: StaffPages, apis: StaffApis) -> list[APIRouter]:
    """All three."""
    return [
        partners.routes(partners.Partners(pages, apis)),
        webhooks.routes(webhooks.Hooks(pages, apis)),
        bulletins.routes(pages, apis),
    ]
