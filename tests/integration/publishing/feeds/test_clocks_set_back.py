"""A clock that is set back takes nothing from partners, and holds nothing up."""

from __future__ import annotations

from datetime import timedelta

from services.publishing.feeds.domain.filters import EVERYTHING
from services.publishing.feeds.use_cases.keep_partners import Wanted
from services.publishing.feeds.use_cases.keep_webhooks import WebhookWanted
from shared.kernel.clock import real_now
from shared.mongo.client import Session
from tests.integration.publishing.feeds.partners_world import ALL, Partnered, an_occasion

KEY = "booking.occasion-published.v1"


async def test_since_a_time_is_never_less(partnered: Partnered) -> None:
    """An entry that was dated earlier than the one before it is among those since that one."""
    now = real_now()
    for minutes in (0, 60, 30, 90):

        async def append(session: Session, at: int = minutes) -> int:
            told = [(an_occasion(), KEY, "public")]
            return await partnered.feeds.log.append(session, told, now + timedelta(minutes=at))

        await partnered.feeds.ground.transact(append)
    log = partnered.feeds.log
    assert await log.before(now) == 0
    assert await log.before(now + timedelta(minutes=45)) == 1
    assert await log.before(now + timedelta(minutes=80)) == 3
    assert await log.before(now + timedelta(minutes=91)) == 4


async def test_a_lease_of_the_future_holds_nothing(partnered: Partnered) -> None:
    """Its holder is gone and the clock back a day: another sender has the webhook at once."""
    keep = partnered.feeds.keep_partners
    await keep.add("ran-nord", Wanted("RAN", frozenset(ALL), EVERYTHING), _nothing, by="test")
    partner = await keep.one("ran-nord")
    wanted = WebhookWanted("https://a.partner.test/x", EVERYTHING)
    webhook = await partnered.feeds.keep_webhooks.add(partner, wanted, _nothing)
    webhooks, lease = partnered.feeds.webhooks, timedelta(seconds=6)
    assert await webhooks.take(webhook.id, real_now() + lease) is not None
    assert await webhooks.take(webhook.id, real_now() + lease) is None
    held = {webhook.id: 1}
    await webhooks.keep(held, real_now() + timedelta(days=1))
    assert await webhooks.take(webhook.id, real_now() + lease) is not None


async def _nothing(_session: object, _made: object) -> None:
    return None
