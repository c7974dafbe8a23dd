"""Mentoring never appears in a feed, from whichever side it is tried on the real broker."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import aio_pika
import pytest
from aio_pika.abc import AbstractConnection
from aiormq.exceptions import ChannelAccessRefused

from shared.broker import names
from shared.contracts import booking, mentoring, publishing
from shared.contracts.envelope import Envelope
from shared.contracts.event import Contract
from shared.kernel.ids import new_id
from tests.contracts.test_contracts import GOLDENS
from tests.integration.publishing.feeds.broker_world import (
    FEED,
    PATIENT,
    Broker,
    at_least,
    parked,
    replay,
)
from tests.integration.publishing.feeds.partners_world import an_occasion, told_as
from tests.support.eventually import eventually

MEETING = mentoring.MeetingScheduled
AT = datetime(2027, 2, 1, 9, tzinfo=UTC)
_SAYS: dict[type[Contract], dict[str, object]] = {
    each: json.loads((GOLDENS / f"{each.routing_key()}.json").read_text("utf-8"))["data"]
    for each in (mentoring.StatisticsPublished, publishing.BulletinPublished)
}


def a_meeting() -> Envelope:
    told = MEETING(
        recipient_id="r1",
        meeting_id="m1",
        starts_at=AT,
        ends_at=AT,
        zone="Europe/Stockholm",
    )
    return told_as(told, "m1")


async def test_mentorings_user_cannot_tell_in_anothers_name(broker: Broker) -> None:
    """Nor can another tell what is mentoring's: the broker refuses both."""
    for user, one in (("mentoring", an_occasion()), ("booking", a_meeting())):
        with pytest.raises(ChannelAccessRefused):
            await broker.tell(one, user=user)


async def test_a_binding_by_hand_brings_nothing_of_mentorings(broker: Broker) -> None:
    """Bound to everything of mentoring's by somebody with all rights: parked, and no entry."""
    witness = an_occasion()
    async with broker.bound_by_hand("mentoring.#"), broker.writing():
        await broker.tell(a_meeting(), user="mentoring")
        await broker.tell(witness)
        await eventually(lambda: parked(broker, 1), within=PATIENT)
        await eventually(lambda: at_least(broker, 1), within=PATIENT)
    assert await broker.log() == [(1, witness.id)]
    assert await broker.parked() == ["teller-not-for-feeds"]


@pytest.mark.parametrize("audience", ["partner", "public"])
async def test_an_audience_widened_by_mistake_changes_nothing(
    broker: Broker, monkeypatch: pytest.MonkeyPatch, audience: str
) -> None:
    """The contract says public, the binding is there: it is still mentoring's."""
    monkeypatch.setattr(MEETING, "audience", audience)
    witness = an_occasion()
    async with broker.bound_by_hand(MEETING.routing_key()), broker.writing():
        await broker.tell(a_meeting(), user="mentoring")
        await broker.tell(witness)
        await eventually(lambda: at_least(broker, 1), within=PATIENT)
        await eventually(lambda: parked(broker, 1), within=PATIENT)
    assert await broker.log() == [(1, witness.id)]


async def test_a_case_in_anothers_clothes_is_no_entry(broker: Broker) -> None:
    """Mentoring's data under booking's source and key, told by booking's own user: parked."""
    meeting = a_meeting()
    dressed = meeting.model_copy(update={"source": "/booking"})
    as_other = meeting.model_copy(
        update={"id": new_id(), "type": booking.OccasionPublished.event_type()}
    )
    key = booking.OccasionPublished.routing_key()
    async with broker.writing():
        await broker.tell(dressed, as_other, user="booking", key=key)
        await eventually(lambda: parked(broker, 2), within=PATIENT)
    assert await broker.log() == []


@pytest.mark.parametrize("said", [mentoring.StatisticsPublished, publishing.BulletinPublished])
async def test_what_another_says_of_its_way_is_not_believed(
    broker: Broker, said: type[Contract]
) -> None:
    """Booking's user with its own key, and a header that gives it another's: parked, no entry.

    That header is what we write when we send something on a detour; mentoring's counts and members'
    warnings could be forged with it.
    """
    data = _SAYS[said]
    one = told_as(said.model_validate(data), new_id())
    headers = {"x-safespace-routing-key": said.routing_key()}
    async with broker.writing():
        key = booking.OccasionPublished.routing_key()
        await broker.tell(one, user="booking", key=key, headers=headers)
        await eventually(lambda: parked(broker, 1), within=PATIENT)
    assert await broker.log() == []
    assert await broker.parked() == ["not-what-it-says"]


async def test_a_detour_brings_nothing_of_mentorings(broker: Broker) -> None:
    """Sent by publishing's own user into its own waiting room, as a replay would be: parked."""
    witness = an_occasion()
    async with broker.writing():
        await replay(broker, a_meeting())
        await broker.tell(witness)
        await eventually(lambda: parked(broker, 1), within=PATIENT)
        await eventually(lambda: at_least(broker, 1), within=PATIENT)
    assert await broker.log() == [(1, witness.id)]
    assert await broker.parked() == ["teller-not-for-feeds"]


async def forge(line: AbstractConnection, user: str, exchange: str, key: str) -> None:
    """On a channel of its own: a refusal closes it."""
    channel = await line.channel()
    where = channel.default_exchange
    if exchange:
        where = await channel.get_exchange(exchange, ensure=False)
    message = aio_pika.Message(an_occasion().to_bytes(), user_id=user)
    await where.publish(message, key, timeout=30)


@pytest.mark.parametrize("user", ["booking", "notifications", "publishing", "mentoring"])
async def test_no_service_reaches_the_feed_past_its_own_key(broker: Broker, user: str) -> None:
    """Not by another's key, by the default exchange, nor through publishing's waiting rooms."""
    connection = await aio_pika.connect(broker.servers.amqp_url(user))
    retry = names.retry_exchange("publishing")
    ways = [("", FEED), (names.EVENTS, "mentoring.meeting-scheduled.v1")]
    ways += [(names.EVENTS, booking.OccasionPublished.routing_key())] if user != "booking" else []
    ways += [(names.again_exchange("publishing"), names.delay_queue("publishing", FEED, "1s"))]
    ways += [(retry, names.delay_queue("publishing", FEED, "1s"))] if user != "publishing" else []
    if user == "mentoring":
        ways.remove((names.EVENTS, "mentoring.meeting-scheduled.v1"))
    async with connection:
        for exchange, key in ways:
            with pytest.raises(ChannelAccessRefused):
                await forge(connection, user, exchange, key)
    assert await broker.log() == []


def test_no_contract_of_mentorings_is_for_partners_but_the_counts() -> None:
    """Said in the contracts too: what is added there is internal unless somebody changes this."""
    wide = [
        one.routing_key()
        for one in vars(mentoring).values()
        if isinstance(one, type)
        and issubclass(one, Contract)
        and getattr(one, "name", "")
        and one.audience != "internal"
    ]
    assert wide == ["mentoring.statistics-published.v1"]
