"""The routes of partners and their feeds, and what their refusals are answered with."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter

from services.publishing.feeds.domain import refusals
from services.publishing.feeds.doors import (
    bulletins,
    contracts,
    feed,
    own_desk,
    own_webhooks,
    partners,
    redactions,
    staff_webhooks,
    stream,
)
from services.publishing.feeds.doors.access import Access
from services.publishing.feeds.parts import feeds_on
from services.publishing.house import House
from services.publishing.settings import HttpSettings
from shared.kernel.refusal import Refusal

STATUSES: Mapping[type[Refusal], int] = {
    refusals.FilterMakesNoSense: 422,
    refusals.KeyDoesNotOpen: 401,
    refusals.KeyIsMistyped: 401,
    refusals.ScopeMissing: 403,
    refusals.NotASubscriber: 422,
    refusals.AddressNotAllowed: 422,
    refusals.UnknownPosition: 404,
    refusals.FromWhere: 422,
    refusals.BulletinNotAllowed: 422,
    refusals.NamesToConfirm: 422,
    refusals.BulletinMakesNoSense: 422,
    refusals.TooManyBulletins: 429,
}


def routers(settings: HttpSettings, house: House) -> list[APIRouter]:
    """All of them."""
    ground = house.ground
    feeds = feeds_on(ground, settings.front_door, local=settings.profile == "local")
    access = Access(feeds.come_in)
    hooks = own_webhooks.WebhookDesk(access, feeds.keep_webhooks, feeds.partners, ground.once)
    return [
        stream.routes(feeds.reading, access),
        contracts.routes(),
        feed.routes(feeds.reading, access, settings.front_door),
        own_desk.routes(own_desk.OwnDesk(access, feeds.keep_partners, feeds.reckon, ground.once)),
        own_webhooks.routes(hooks),
        bulletins.routes(bulletins.BulletinDesk(access, feeds.post_bulletins, ground.once)),
        partners.routes(partners.PartnerDesk(feeds.keep_partners, feeds.reckon, ground.once)),
        staff_webhooks.routes(
            staff_webhooks.StaffWebhookDesk(feeds.keep_partners, feeds.keep_webhooks, ground.once)
        ),
        redactions.routes(redactions.RedactionDesk(feeds.redact, ground.once)),
    ]
