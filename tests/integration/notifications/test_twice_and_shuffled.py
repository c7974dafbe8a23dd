"""Every event twice and in any order ends in the same place."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts import booking
from shared.contracts.envelope import Envelope
from tests.integration.notifications.world import NOW, SOON, Party, World, occasion

STEPS = ("confirmed", "waitlisted", "offered", "expired", "declined", "cancelled", "moved", "count",
         "refused")  # fmt: skip


def tell(party: Party, step: str, n: int) -> Envelope:
    offer = f"{party.booking_id}-{n}"
    match step:
        case "confirmed":
            return party.confirmed()
        case "waitlisted":
            return party.event(booking.BookingWaitlisted, position=n + 1)
        case "offered":
            return party.offered(offer, NOW + timedelta(days=2))
        case "expired":
            return party.event(booking.OfferExpired, offer_id=offer)
        case "declined":
            return party.event(booking.OfferDeclined, offer_id=offer)
        case "cancelled":
            return party.cancelled()
        case "moved":
            return party.moved(occasion(SOON + timedelta(days=n + 1)))
        case "count":
            return party.event(booking.HeadCountChanged, size=20 + n, state="confirmed")
    return party.event(booking.AnswerRefused, offer_id=offer, why="offer-has-expired")


async def end(world: World) -> dict[str, Any]:
    """What stands in the end, without what only says when it was written."""
    facts = ("about", "template", "state", "facts", "cause", "sequence")
    return {
        "messages": {r["_id"]: [r[f] for f in facts] for r in await world.rows("messages")},
        "to send": {r["_id"] for r in await world.rows("deliveries", state="queued")},
        "bookings": {r["_id"]: r for r in await world.rows("bookings")},
        "reminders": {r["_id"]: r for r in await world.rows("reminders")},
        "offers": {r["_id"]: r["live"] for r in await world.rows("offers")},
        "cards": {r["_id"]: r["revision"] for r in await world.rows("cards")},
    }


async def forget_everything(world: World) -> None:
    database = world.house.ground.database
    for name in await database.list_collection_names():
        if not name.startswith("system."):
            await database[name].delete_many({})


async def test_any_order_and_repetition(world: World) -> None:
    """Projections, due reminders and {event → message, superseded or not} are the same."""
    loop = asyncio.get_running_loop()
    lists = st.lists(st.sampled_from(STEPS), min_size=1, max_size=6)

    def check(stories: list[list[str]], seed: int) -> None:
        asyncio.run_coroutine_threadsafe(_check(world, stories, seed), loop).result(60)

    limits = settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    await asyncio.to_thread(
        limits(given(st.lists(lists, min_size=1, max_size=2), st.integers(0, 99))(check))
    )


async def _check(world: World, stories: list[list[str]], seed: int) -> None:
    parties = [Party(phone="+46701740648", email=None) for _ in stories]
    cards = [await world.card(party) for party in parties]
    events = [
        tell(party, step, n)
        for party, steps in zip(parties, stories, strict=True)
        for n, step in enumerate(steps)
    ]
    await forget_everything(world)
    await world.hear(*cards, *events)
    straight = await end(world)

    await forget_everything(world)
    twice = [*cards, *events] * 2
    random.Random(seed).shuffle(twice)
    outcomes = await world.hear(*twice)
    assert outcomes.count("already") == len(twice) // 2
    assert await end(world) == straight


async def test_a_late_event_is_told_apart(world: World) -> None:
    """Negative control: an older event that comes late is superseded, and would else be sent."""
    party = Party(phone="+46701740649", email=None)
    confirmed, cancelled = party.confirmed(), party.cancelled()
    await world.hear(await world.card(party))
    assert await world.hear(cancelled, confirmed) == ["handled", "superseded"]
    await world.send_all()
    assert len(await world.phone("+46701740649")) == 1
    other = Party(phone="+46701740650", email=None)
    await world.hear(await world.card(other), other.confirmed())
    await world.send_all()
    assert len(await world.phone("+46701740650")) == 1
