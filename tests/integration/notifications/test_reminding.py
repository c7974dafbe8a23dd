"""Reminders: a move replaces, a cancellation removes, and none comes for what is not to be."""

from __future__ import annotations

from datetime import timedelta

from tests.integration.notifications.world import SOON, Party, World, occasion
from tests.support.eventually import eventually


async def reminders(world: World) -> dict[str, tuple[str, object]]:
    rows = await world.rows("reminders")
    return {row["kind"]: (row["state"], row["starts_at"]) for row in rows}


async def test_a_move_replaces_and_a_cancellation_removes(world: World) -> None:
    """One row per booking and kind, always for where the party is expected."""
    party = Party(email=None)
    await world.hear(await world.card(party), party.confirmed())
    assert await reminders(world) == {
        "reminder-24h": ("waiting", SOON),
        "reminder-2h": ("waiting", SOON),
    }
    later = SOON + timedelta(days=3)
    await world.hear(party.moved(occasion(later)))
    assert {at for _, at in (await reminders(world)).values()} == {later}
    assert len(await world.rows("reminders")) == 2
    await world.hear(party.cancelled())
    assert await reminders(world) == {}


async def test_a_day_and_two_hours_before(world: World) -> None:
    """Each goes out once when the domain clock comes to it."""
    party = Party(phone="+46701740632", email=None)
    await world.hear(await world.card(party), party.confirmed())
    await world.send_all()
    assert await world.sending.remind() == 0
    world.clock.advance(SOON - timedelta(hours=24) - world.clock.now())
    assert await world.sending.remind() == 1
    assert await world.sending.remind() == 0
    await world.send_all()
    world.clock.advance(timedelta(hours=22))
    assert await world.sending.remind() == 1
    await world.send_all()
    texts = [shown["message"] for shown in await world.phone("+46701740632")]
    assert len(texts) == 3
    assert texts[0].startswith("Vi ses snart")
    assert texts[1].startswith("Välkommen torsdag 21 januari kl. 11:00")


async def test_a_late_reminder_is_dropped(world: World) -> None:
    """A clock that jumps past both sends the useful one only, and none after the start."""
    party = Party(phone="+46701740633", email=None)
    await world.hear(await world.card(party), party.confirmed())
    await world.send_all()
    world.clock.advance(SOON - timedelta(hours=1) - world.clock.now())
    await world.sending.remind()
    await world.send_all()
    assert len(await world.phone("+46701740633")) == 2
    assert {kind: state for kind, (state, _) in (await reminders(world)).items()} == {
        "reminder-24h": "stale",
        "reminder-2h": "sent",
    }


async def test_a_reminder_in_the_queue_is_withdrawn(world: World) -> None:
    """Cancelled between the reminder's minute and its sending: it is not sent."""
    party = Party(phone="+46701740634", email=None)
    await world.hear(await world.card(party), party.confirmed())
    await world.send_all()
    world.clock.advance(SOON - timedelta(hours=24) - world.clock.now())
    await world.sending.remind()
    await world.hear(party.cancelled())
    await world.send_all()
    texts = [shown["message"] for shown in await world.phone("+46701740634")]
    assert [text.split()[0] for text in texts] == ["Ni", "Ni"], texts
    assert "avbokat" in texts[0]
    assert [m["state"] for m in await world.rows("messages", template="reminder-24h")] == [
        "superseded"
    ]


async def test_a_row_left_behind_does_not_send(world: World) -> None:
    """Negative control of the last look: even a reminder row of a moved booking sends nothing."""
    party = Party(phone="+46701740635", email=None)
    await world.hear(await world.card(party), party.confirmed())
    stray = (await world.rows("reminders"))[0]
    await world.hear(party.cancelled())
    await world.house.ground.database["reminders"].insert_one(stray)
    world.clock.advance(SOON - timedelta(hours=1) - world.clock.now())
    await world.sending.remind()
    assert await world.rows("messages", template=stray["kind"]) == []
    assert (await world.rows("reminders"))[0]["state"] == "superseded"


async def test_an_offer_that_is_over_is_not_sent(world: World) -> None:
    """A message that has become pointless before it is sent is superseded."""
    party = Party(phone="+46701740636", email="over@skola.example")
    deadline = world.clock.now() + timedelta(hours=2)
    await world.hear(await world.card(party), party.offered("o-over", deadline))
    world.clock.advance(timedelta(hours=3))
    await world.send_all()
    assert await world.phone("+46701740636") == []
    assert [m["state"] for m in await world.rows("messages")] == ["superseded"]


async def test_quiet_hours_hold_the_phone_but_not_the_mail(world: World) -> None:
    """At night the e-mail goes and the SMS waits until eight; a near cancellation does not wait."""
    from dataclasses import replace

    from services.notifications.domain.quiet_hours import QuietHours
    from services.notifications.main import incoming_of

    plan = replace(world.house.plan, quiet=QuietHours(on=True))
    world.incoming = incoming_of(replace(world.house, plan=plan))
    world.clock.advance(timedelta(hours=11, minutes=30))  # 22:30 in Stockholm
    morning = world.clock.now() + timedelta(hours=9)
    party = Party(phone="+46701740637", facts=occasion(morning))
    await world.hear(await world.card(party), party.confirmed())
    await world.send_all()
    assert await world.phone("+46701740637") == []
    states = {row["channel"]: row["state"] for row in await world.rows("deliveries")}
    assert states == {"sms": "queued", "email": "accepted"}
    await world.hear(party.cancelled())
    await world.send_all()
    assert len(await world.phone("+46701740637")) == 1

    async def told() -> bool:
        return bool(await world.told("message-delivered"))

    await eventually(told)
