"""Staff ask for a reminder: one message a day to who is expected, and none to anybody else."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any

import httpx

from shared.contracts.booking import BookingConfirmed, ReminderAsked
from shared.contracts.envelope import Envelope
from shared.contracts.event import News
from tests.integration.notifications.test_meetings_in_neutral_words import with_quiet_hours
from tests.integration.notifications.world import NOW, SOON, Party, World, enveloped

TODAY = NOW.date()


def asked(party: Party, day: date = TODAY) -> Envelope:
    data = ReminderAsked(
        booking_id=party.booking_id,
        recipient_id=party.recipient_id,
        occasion_id=party.facts.occasion_id,
        day=day,
    )
    party.sequence += 1
    return enveloped(News(data, subject=party.booking_id, sequence=party.sequence))


async def reminders(world: World) -> list[str]:
    return [row["state"] for row in await world.rows("messages", template="reminder-24h")]


async def test_who_is_expected_is_reminded_once_a_day(world: World) -> None:
    """Two that are asked for, even at the same moment, make one SMS; the next day makes another."""
    party = Party(phone="+46701740606", email=None)
    await world.hear(await world.card(party), party.confirmed())
    await world.send_all()
    twice = await asyncio.gather(world.hear(asked(party)), world.hear(asked(party)))
    assert sorted(str(outcome) for (outcome,) in twice) == ["handled", "superseded"]
    await world.send_all()
    await world.hear(asked(party))
    await world.send_all()
    texts = [shown["message"] for shown in await world.phone("+46701740606")]
    assert len(texts) == 2
    assert texts[0].startswith("Välkommen torsdag 21 januari kl. 11:00")
    world.clock.advance(timedelta(days=1))
    await world.hear(asked(party, TODAY + timedelta(days=1)))
    await world.send_all()
    assert len(await world.phone("+46701740606")) == 3


async def test_nobody_is_reminded_of_what_is_not_to_be(world: World) -> None:
    """Cancelled, waiting, unheard of, or begun: recorded as superseded, and nothing is sent."""
    gone, waiting, begun = (Party(email=None) for _ in range(3))
    offer = waiting.offered("offer-1", NOW + timedelta(days=1))
    await world.hear(gone.confirmed(), gone.cancelled(), offer, begun.confirmed())
    stranger = Party()
    outcomes = await world.hear(asked(gone), asked(waiting), asked(stranger))
    world.clock.advance(SOON - world.clock.now())
    outcomes += await world.hear(asked(begun))
    assert outcomes == ["superseded"] * 4
    assert await reminders(world) == []


async def test_what_is_moved_before_it_is_sent_is_not_sent(world: World) -> None:
    """Another room alone is enough: no reminder leads to the old one. Nor to what is cancelled."""
    moved, off = Party(phone="+46701740607", email=None), Party(phone="+46701740608", email=None)
    for party in (moved, off):
        await world.hear(await world.card(party), party.confirmed())
    await world.send_all()
    await world.hear(asked(moved), asked(off))
    room = moved.facts.model_copy(update={"room": "Sal 3"})
    await world.hear(moved.moved(room, reason="occasion-changed"), off.cancelled())
    await world.send_all()
    assert await reminders(world) == ["superseded", "superseded"]


async def test_one_asked_for_does_for_the_day(world: World) -> None:
    """The reminder that is due by itself later that day stays away; its row says so."""
    party = Party(phone="+46701740609", email=None)
    await world.hear(await world.card(party), party.confirmed())
    world.clock.advance(SOON - timedelta(hours=25) - world.clock.now())
    day = (SOON - timedelta(hours=25)).date()
    await world.hear(asked(party, day))
    await world.send_all()
    world.clock.advance(timedelta(hours=1))
    assert await world.sending.remind() == 1
    assert await reminders(world) == ["sent"]
    rows = {row["kind"]: row["state"] for row in await world.rows("reminders")}
    assert rows == {"reminder-24h": "superseded", "reminder-2h": "waiting"}


async def test_none_is_asked_for_after_one_went_by_itself(world: World) -> None:
    """And the other way round: reminded this morning, asked for at noon."""
    party = Party(phone="+46701740610", email=None)
    await world.hear(await world.card(party), party.confirmed())
    world.clock.advance(SOON - timedelta(hours=24) - world.clock.now())
    assert await world.sending.remind() == 1
    day = (SOON - timedelta(hours=24)).date()
    assert await world.hear(asked(party, day)) == ["superseded"]


async def test_at_night_it_waits_for_the_morning(world: World) -> None:
    """And one that waits is enough: asked again after midnight, it is not two in the morning."""
    party = Party(phone="+46701740655", email=None)
    await world.hear(await world.card(party), party.confirmed())
    await world.send_all()
    world = with_quiet_hours(world)
    world.clock.advance(timedelta(hours=11))  # 22:00 in Malmö
    await world.hear(asked(party))
    await world.send_all()
    assert len(await world.phone("+46701740655")) == 1
    world.clock.advance(timedelta(hours=3))
    next_day = TODAY + timedelta(days=1)
    assert await world.hear(asked(party, next_day)) == ["superseded"]
    world.clock.advance(timedelta(hours=7))
    await world.send_all()
    assert len(await world.phone("+46701740655")) == 2


async def test_the_desk_sees_how_many_it_would_reach(
    world: World, staff: httpx.AsyncClient
) -> None:
    """By SMS, by e-mail, by nothing, or reminded already: channels, and never an address."""
    by_sms, by_mail, nobody, done = (
        Party(phone="+46701740656"),
        Party(phone=None),
        Party(phone=None, email=None),
        Party(phone="+46701740657"),
    )
    for party in (by_sms, by_mail, nobody, done):
        await world.hear(await world.card(party), party.confirmed())
    await world.hear(asked(done))
    about = [party.booking_id for party in (by_sms, by_mail, nobody, done)] + ["unknown"]
    answer = await staff.get("/v1/reach", params={"about": about})
    found: list[dict[str, Any]] = answer.json()["items"]
    assert [(each["channel"], each["reminded"]) for each in found] == [
        ("sms", False),
        ("email", False),
        (None, False),
        ("sms", True),
        (None, False),
    ]
    assert "4670" not in answer.text


async def test_a_cancellation_taken_back_is_not_told_if_it_was_not_sent_yet(world: World) -> None:
    """Undone within the minute, the party hears only that it has its places; reminders are back."""
    party = Party(phone="+46701740658", email=None)
    await world.hear(await world.card(party), party.confirmed())
    await world.send_all()
    again = party.event(BookingConfirmed, sequence=3, through="staff")
    await world.hear(party.cancelled(sequence=2, reason="by-staff"), again)
    await world.send_all()
    texts = [shown["message"] for shown in await world.phone("+46701740658")]
    assert [text.split()[0] for text in texts] == ["Ni", "Ni"]
    assert not [text for text in texts if "avboka er" in text]
    assert {row["state"] for row in await world.rows("reminders")} == {"waiting"}
