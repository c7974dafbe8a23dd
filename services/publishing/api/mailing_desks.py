"""Mailings' routes on the house, and which status their refusals get; the rest are 409."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from fastapi import APIRouter

from services.publishing.api import mailings
from services.publishing.domain import mailing as rules
from services.publishing.house import House
from services.publishing.use_cases.create_mailing import CountRecipients, CreateMailing
from services.publishing.use_cases.see_mailing import SeeMailing
from shared.kernel.refusal import Refusal

STATUSES: Mapping[type[Refusal], int] = MappingProxyType({rules.InThePast: 422})


def routers(house: House) -> list[APIRouter]:
    """What editors ask of mailings."""
    stores, ground = house.stores, house.ground
    desk = mailings.MailingDesk(
        create=CreateMailing(stores.newsletters, stores.mailings, ground.transact, ground.clock),
        count=CountRecipients(stores.mailings, stores.newsletters, stores.subscribers),
        steer=house.steer,
        see=SeeMailing(stores.mailings, stores.batches),
        once=ground.once,
    )
    return [mailings.routes(desk)]
