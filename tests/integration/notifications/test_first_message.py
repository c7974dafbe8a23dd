"""From a booking's event to what the phone shows."""

from __future__ import annotations

from tests.integration.notifications.world import Party, World
from tests.support.eventually import eventually


async def test_a_confirmation_reaches_phone_and_mailbox(world: World) -> None:
    """A confirmed booking is told by SMS and by e-mail with a calendar file, å ä ö intact."""
    party = Party(phone="070-174 06 11", email="kim.first@skola.example")
    assert await world.hear(await world.card(party), party.confirmed()) == ["handled", "handled"]
    await world.send_all()
    shown = await world.phone("+46701740611")
    assert len(shown) == 1
    assert "Demokrativerkstad åk 7-9, torsdag 21 januari kl. 11:00, Sal 2" in shown[0]["message"]
    assert f"/m/{party.secret}" in shown[0]["message"]
    mail = next(m for m in await world.mails() if m["to"] == ["kim.first@skola.example"])
    assert mail["attachments"] == ["bokning.ics"]
    assert "Demokrativerkstad åk 7–9" in mail["text"]

    async def delivered() -> bool:
        states = {row["channel"]: row["state"] for row in await world.rows("deliveries")}
        return states == {"sms": "delivered", "email": "accepted"}

    await eventually(delivered)
    assert (await world.rows("messages"))[0]["state"] == "delivered"
    assert sorted(told.data["channel"] for told in await world.told("message-delivered")) == [
        "email",
        "sms",
    ]
