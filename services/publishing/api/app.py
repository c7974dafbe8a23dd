"""The HTTP app: every route of the service, its policy and its refusals."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, FastAPI

from services.publishing.api import (
    feed_desks,
    mailing_desks,
    newsletter_desks,
    publication_desks,
    subscription_desks,
)
from services.publishing.house import House
from services.publishing.policy import PERMISSIONS
from services.publishing.settings import HttpSettings
from shared.house.app import app_on
from shared.kernel.refusal import Refusal

STATUSES: Mapping[type[Refusal], int] = {
    **feed_desks.STATUSES,
    **mailing_desks.STATUSES,
    **newsletter_desks.STATUSES,
    **publication_desks.STATUSES,
    **subscription_desks.STATUSES,
}


def make_http(settings: HttpSettings, house: House) -> FastAPI:
    """Ready with its database; needs neither broker nor mail server."""
    routers: list[APIRouter] = [
        *feed_desks.routers(settings, house),
        *mailing_desks.routers(house),
        *newsletter_desks.routers(house),
        *publication_desks.routers(settings, house),
        *subscription_desks.routers(house),
    ]
    return app_on(
        house,
        settings,
        routers,
        permissions=PERMISSIONS,
        refusals=STATUSES,
        description="Nyhetsbrev, publikationer och partnerflöden.",
    )
