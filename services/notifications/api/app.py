"""The HTTP app: every route of the service, its policy and its refusals."""

from __future__ import annotations

from collections.abc import Mapping

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
from services.notifications.house import House
from services.notifications.policy import PERMISSIONS
from services.notifications.settings import HttpSettings
from services.notifications.storage.own_journal import OwnJournal
from services.notifications.use_cases.decide_uncertain import NotUncertain
from shared.house.app import app_on
from shared.kernel.refusal import Refusal

STATUSES: Mapping[type[Refusal], int] = {CallbackUnreadable: 422, NotUncertain: 409}


def make_http(settings: HttpSettings, house: House) -> FastAPI:
    """Ready with its database; needs neither broker nor provider."""
    return app_on(
        house,
        settings,
        [
            messages.routes(house),
            deliveries.routes(house),
            contacts.routes(house),
            templates.routes(house),
            inbox.routes(house),
            changes.routes(house),
            callbacks.routes(house, settings.callback_secret.get_secret_value()),
        ],
        permissions=PERMISSIONS,
        refusals=STATUSES,
        own_journal=OwnJournal(house.ground.database),
        description="Meddelanden till dem som bokar: sms, e-post, inkorg och svar.",
    )
