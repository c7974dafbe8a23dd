"""Answers to offers that come by SMS: events from notifications, over the real broker."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aio_pika
import pytest
import pytest_asyncio
from nacl.public import PrivateKey

from services.booking.main import house_of, worker_of
from services.booking.settings import WorkerSettings
from shared.broker.names import EVENTS
from shared.contracts.cards import NotificationsSealingKeyAnnounced
from shared.contracts.envelope import wrap
from shared.contracts.event import Contract, News
from shared.contracts.notifications import RecipientUnreachable, ReplyReceived
from shared.kernel.clock import real_now
from shared.kernel.ids import new_id
from tests.integration.booking.world import World
from tests.support.eventually import eventually
from tests.support.servers import RealServers
from tests.support.twice import delivered  # noqa: F401
from tests.support.world import worker_told

pytestmark = pytest.mark.usefixtures("delivered")


@dataclass
class Notifications:
    """The other end: tells what notifications would tell, under its own user."""

    exchange: aio_pika.abc.AbstractExchange

    async def tells(self, contract: Contract, subject: str) -> str:
        """Publish one event; gives its id."""
        event_id = new_id()
        news = News(contract, subject, 1)
        body = wrap(news, event_id=event_id, at=real_now(), correlation_id=new_id()).to_bytes()
        message = aio_pika.Message(body, user_id="notifications", message_id=event_id)
        await self.exchange.publish(message, contract.routing_key())
        return event_id


@pytest_asyncio.fixture(loop_scope="session")
async def notifications(
    servers: RealServers,
    world: World,
    clean_queues: None,
    delivered: object,  # noqa: F811 - pytest fills it in
) -> AsyncIterator[Notifications]:
    """Booking's worker runs, on the clock of the world."""
    settings = WorkerSettings.model_validate(worker_told(servers, "booking"))
    running = asyncio.create_task(worker_of(settings, house_of(settings, world.clock)).run())
    connection = await aio_pika.connect(servers.amqp_url("notifications"))
    channel = await connection.channel(on_return_raises=True)
    yield Notifications(await channel.get_exchange(EVENTS, ensure=False))
    await connection.close()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def an_offer(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    """A booking that waited and has an offer now: the booking, and the offer's data."""
    occasion = await world.an_occasion(capacity=30)
    first = await world.book(occasion["id"], size=29)
    second = await world.book(occasion["id"], size=26)
    await world.cancel(first)
    [offer] = await world.told("place-offered", second["id"])
    return second, offer.data


def reply(offer: dict[str, Any], answer: str) -> ReplyReceived:
    return ReplyReceived.model_validate({**offer, "answer": answer})


async def outcome_of(world: World, event_id: str) -> str | None:
    mark = await world.house.ground.database["inbox"].find_one({"event_id": event_id})
    return mark and mark["outcome"]


async def state_of(world: World, booking_id: str) -> str:
    return str((await world.ask("GET", f"/v1/bookings/{booking_id}"))["state"])


async def test_yes_takes_the_places_once(world: World, notifications: Notifications) -> None:
    """Two copies of a yes confirm the booking once, and it is told once."""
    booking, offer = await an_offer(world)
    for _ in range(2):
        told = await notifications.tells(reply(offer, "yes"), offer["offer_id"])
        await eventually(lambda told=told: outcome_of(world, told))
    assert await state_of(world, booking["id"]) == "confirmed"
    assert len(await world.told("booking-confirmed", booking["id"])) == 1


async def test_a_late_yes_is_told_to_be_late(world: World, notifications: Notifications) -> None:
    """The deadline has passed: an outcome, not a failure, and the person hears why."""
    booking, offer = await an_offer(world)
    world.clock.advance(timedelta(days=2))
    told = await notifications.tells(reply(offer, "yes"), offer["offer_id"])
    outcome = await eventually(lambda: outcome_of(world, told))
    assert outcome == "refused:offer-has-expired"
    assert await state_of(world, booking["id"]) == "expired"
    [refused] = await world.told("answer-refused", booking["id"])
    assert refused.data["why"] == "offer-has-expired"
    numbers = [event.sequence for event in await world.told(subject=booking["id"])]
    assert numbers == sorted(set(numbers))


async def test_a_yes_to_an_old_offer_takes_nothing_new(
    world: World, notifications: Notifications
) -> None:
    """After a move the answer is refused by the name of its own offer; the new turn stands."""
    booking, offer = await an_offer(world)
    other = await world.an_occasion(capacity=10)
    await world.book(other["id"], size=10)
    path, body = f"/v1/bookings/{booking['id']}/move", {"occasion_id": other["id"]}
    await world.change("POST", path, json={**body, "when_full": "wait"})
    told = await notifications.tells(reply(offer, "yes"), offer["offer_id"])
    outcome = await eventually(lambda: outcome_of(world, told))
    assert outcome == "refused:offer-not-found"
    [refused] = await world.told("answer-refused", booking["id"])
    assert refused.data["offer_id"] == offer["offer_id"]
    assert await state_of(world, booking["id"]) == "waiting"


async def test_no_after_yes_is_told_and_numbered(
    world: World, notifications: Notifications
) -> None:
    """A no after a yes changes nothing; what happens next is numbered after the refusal."""
    booking, offer = await an_offer(world)
    for answer in ("yes", "no"):
        told = await notifications.tells(reply(offer, answer), offer["offer_id"])
        await eventually(lambda told=told: outcome_of(world, told))
    assert await outcome_of(world, told) == "refused:offer-is-accepted"
    await world.cancel(booking)
    events = await world.told(subject=booking["id"])
    names = [event.type.split(".")[-2] for event in events]
    assert names[-3:] == ["booking-confirmed", "answer-refused", "booking-cancelled"]
    numbers = [event.sequence for event in events]
    assert numbers == sorted(set(numbers))


async def test_keys_are_learned_and_the_unreachable_are_flagged(
    world: World, notifications: Notifications
) -> None:
    """From now on cards are sealed with the new key; staff see who cannot be reached."""
    occasion = await world.an_occasion()
    booking = await world.book(occasion["id"])
    record = await world.house.ground.database["bookings"].find_one({"_id": booking["id"]})
    assert record is not None
    unreachable = RecipientUnreachable(
        recipient_id=record["recipient_id"], source="booking", about=booking["id"]
    )
    await notifications.tells(unreachable, record["recipient_id"])

    async def flagged() -> bool:
        shown = await world.ask("GET", f"/v1/bookings/{booking['id']}")
        return "unreachable" in shown["flags"]

    await eventually(flagged)
    public = base64.b64encode(bytes(PrivateKey.generate().public_key)).decode()
    announced = NotificationsSealingKeyAnnounced(
        key_id="announced", public_key=public, made_at=real_now()
    )
    await notifications.tells(announced, "notifications")

    async def learned() -> bool:
        return (await world.house.keys.newest("notifications")).key_id == "announced"

    await eventually(learned)
