"""The HTTP app: every route of the service, its policy and its refusals."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, FastAPI

from services.notifications.api import (
    callbacks,
    changes,
    contacts,
    deliveries,
    inbox,
    messages,
    reach,
    templates,
)
from services.notifications.api.callbacks import CallbackUnreadable
from services.notifications.house import House
from services.notifications.policy import PERMISSIONS
from services.notifications.settings import HttpSettings
from services.notifications.storage.own_journal import OwnJournal
from services.notifications.use_cases.decide_uncertain import DecideUncertain, NotUncertain
from services.notifications.use_cases.read_contact import ReadContact
from services.notifications.use_cases.read_inbox import ReadInbox
from services.notifications.use_cases.see_messages import SeeMessages
from services.notifications.use_cases.see_reach import SeeReach
from services.notifications.use_cases.take_reply import TakeReply
from services.notifications.use_cases.take_report import TakeReport
from shared.house.app import app_on
from shared.kernel.refusal import Refusal

STATUSES: Mapping[type[Refusal], int] = {CallbackUnreadable: 422, NotUncertain: 409}


def make_http(settings: HttpSettings, house: House) -> FastAPI:
    """Ready with its database; needs neither broker nor provider."""
    stores, ground = house.stores, house.ground
    routers = [
        messages.routes(SeeMessages(stores.messages, stores.deliveries)),
        deliveries.routes(_delivery_desk(house)),
        contacts.routes(ReadContact(stores.cards, ground.audit)),
        reach.routes(SeeReach(stores.cards, stores.stories, stores.messages, ground.clock)),
        templates.routes(settings.front_door),
        inbox.routes(ReadInbox(stores.cards, stores.messages, house.write), stores.changes),
        changes.routes(stores.changes),
        _callbacks(house, settings.callback_secret.get_secret_value()),
    ]
    return app_on(
        house,
        settings,
        routers,
        permissions=PERMISSIONS,
        refusals=STATUSES,
        own_journal=OwnJournal(ground.database),
        description="Meddelanden till dem som bokar: sms, e-post, inkorg och svar.",
    )


def _delivery_desk(house: House) -> deliveries.DeliveryDesk:
    rows, ground = house.stores.deliveries, house.ground
    decide = DecideUncertain(rows, house.conclude, ground.transact)
    return deliveries.DeliveryDesk(rows, decide, ground.once)


def _callbacks(house: House, secret: str) -> APIRouter:
    stores, ground = house.stores, house.ground
    report = TakeReport(stores.deliveries, house.conclude, ground.transact)
    reply = TakeReply(
        stores.cards,
        stores.offers,
        stores.replies,
        house.plan,
        house.numbers,
        house.tell,
        ground.transact,
        ground.clock,
    )
    return callbacks.routes(report, reply, secret)
