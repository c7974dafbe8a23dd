"""The HTTP app: every route of the service, its policy and its refusals."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.notifications.api import (
    callbacks,
    changes,
    contacts,
    deliveries,
    inbox,
    messages,
    templates,
)
from services.notifications.api.callbacks import CallbackUnreadable
from services.notifications.house import SERVICE, House
from services.notifications.policy import PERMISSIONS
from services.notifications.settings import HttpSettings
from services.notifications.storage.own_journal import OwnJournal
from services.notifications.use_cases.decide_uncertain import NotUncertain
from shared.delivery.operator_routes import STATUSES
from shared.delivery.operator_routes import routes as operator_routes
from shared.kernel.refusal import Refusal
from shared.mongo.primary import has_primary
from shared.web.app import make_app
from shared.web.idempotency import Idempotency

REFUSALS: Mapping[type[Refusal], int] = {
    **STATUSES,
    CallbackUnreadable: 422,
    NotUncertain: 409,
}


def make_http(settings: HttpSettings, house: House) -> FastAPI:
    """Ready with its database; needs neither broker nor provider."""
    database = house.stores.database

    async def ready() -> Mapping[str, bool]:
        return {"database": await has_primary(database)}

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await house.stores.ensure_indexes()
        await Idempotency(database).make_indexes()
        yield
        house.stores.close()

    return make_app(
        service=SERVICE,
        settings=settings,
        routers=[
            messages.routes(house),
            deliveries.routes(house),
            contacts.routes(house),
            templates.routes(house),
            inbox.routes(house),
            changes.routes(house),
            callbacks.routes(house, settings.callback_secret.get_secret_value()),
            operator_routes(SERVICE, database, own_journal=OwnJournal(database)),
        ],
        refusals=REFUSALS,
        permissions=PERMISSIONS,
        lifespan=lifespan,
        ready=ready,
        description="Meddelanden till dem som bokar: sms, e-post, inkorg och svar.",
    )
