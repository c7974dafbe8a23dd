"""When SMS does not work, e-mail does; when nothing works, somebody is told."""

from __future__ import annotations

import pytest

from services.notifications.domain.recipient_card import Recipient
from services.notifications.use_cases.keep_card import CardOfSomebodyElse
from shared.delivery.retries import GiveUp
from tests.integration.notifications.test_lost_answers import queued, states
from tests.integration.notifications.world import TEST, Party, World
from tests.support.eventually import eventually


async def test_a_refused_sms_becomes_an_email(world: World) -> None:
    """The provider says no for good: the e-mail goes instead."""
    await world.misbehave(errors={"status": 400, "times": 1})
    await queued(world, "+46701740622")
    await world.send_all()
    assert await states(world) == {"sms": "failed", "email": "accepted"}
    assert [message["state"] for message in await world.rows("messages")] == ["sent"]


async def test_a_busy_provider_is_asked_again(world: World) -> None:
    """503 means later, not never: the same SMS goes out once, on the second attempt."""
    await world.misbehave(errors={"status": 503, "times": 1})
    await queued(world, "+46701740623")
    await world.send_all()
    assert await states(world) == {"sms": "queued"}

    async def sent() -> bool:
        return await world.send_one()

    await eventually(sent)
    assert (await world.rows("deliveries"))[0]["attempt"] == 2
    assert len(await world.phone("+46701740623")) == 1


async def test_a_server_error_is_looked_into_first(world: World) -> None:
    """500 says nothing about acceptance, so the list is asked before anything is sent again."""
    await world.misbehave(errors={"status": 500, "times": 1})
    await queued(world, "+46701740624")
    await world.send_all()
    assert await states(world) == {"sms": "unresolved"}


async def test_a_dead_number_becomes_an_email(world: World) -> None:
    """The carrier reports failure: the e-mail goes instead."""
    await world.misbehave(unreachable=["+46701740625"])
    await queued(world, "+46701740625")
    assert await world.send_one(), "the SMS alone: the report may come at any moment"

    async def failed_over() -> bool:
        return await states(world) == {"sms": "failed", "email": "queued"}

    await eventually(failed_over)
    await world.send_all()
    assert await states(world) == {"sms": "failed", "email": "accepted"}


async def test_a_landline_gets_no_sms(world: World) -> None:
    """No SMS is wasted on a number that takes none: the e-mail goes at once, and staff may call."""
    party = await queued(world, "+4640123456")
    await world.send_all()
    assert await states(world) == {"email": "accepted"}
    assert await world.phone("+4640123456") == []
    assert [message["state"] for message in await world.rows("messages")] == ["sent"]
    contact = await world.house.stores.cards.contact(
        Recipient("booking", party.recipient_id), by=TEST
    )
    assert contact is not None
    assert contact.phone == "+4640123456"


async def test_nobody_reached_is_told(world: World) -> None:
    """SMS failed and there is no e-mail: message-failed and recipient-unreachable."""
    await world.misbehave(errors={"status": 400, "times": 1})
    party = Party(phone="+46701740626", email=None)
    await world.hear(await world.card(party), party.confirmed())
    await world.send_all()
    assert [told.data["why"] for told in await world.told("message-failed")] == ["provider-400"]
    nobody = await world.told("recipient-unreachable")
    assert [told.data["recipient_id"] for told in nobody] == [party.recipient_id]
    assert nobody[0].data["about"] == party.booking_id


async def test_no_address_at_all(world: World) -> None:
    """A card with a broken number and no e-mail: told at once, nothing is queued."""
    party = Party(phone="inget", email=None)
    await world.hear(await world.card(party), party.confirmed())
    assert await world.rows("deliveries") == []
    assert len(await world.told("recipient-unreachable")) == 1


async def test_a_mail_server_that_puts_off(world: World) -> None:
    """SMTP 451: the letter goes out later, once."""
    await world.misbehave(mail_errors=1)
    party = Party(phone=None, email="later@skola.example")
    await world.hear(await world.card(party), party.confirmed())
    await world.send_all()
    assert await states(world) == {"email": "queued"}
    waiting = (await world.rows("deliveries"))[0]
    assert waiting["why"] == "smtp-451"
    assert waiting["attempt"] == 1


async def test_a_message_waits_for_its_card(world: World) -> None:
    """The event came before the card: it waits, and goes out when the card is there."""
    party = Party(phone="+46701740627", email=None)
    await world.hear(party.confirmed())
    assert (await world.rows("messages"))[0]["state"] == "waiting-for-card"
    assert not await world.send_one()
    await world.hear(await world.card(party))
    assert await world.send_one()
    assert len(await world.phone("+46701740627")) == 1


async def test_a_card_that_never_comes(world: World) -> None:
    """After the wait the recipient is unreachable; a card that comes later changes nothing."""
    party = Party(phone="+46701740628")
    await world.hear(party.confirmed())
    assert await world.sending.give_up() == 0, "not yet"

    async def given_up() -> bool:
        return await world.sending.give_up() == 1

    await eventually(given_up)
    assert [told.data["why"] for told in await world.told("message-failed")] == ["no-contact-card"]
    await world.hear(await world.card(party))
    assert not await world.send_one()


async def test_a_card_for_somebody_else_is_refused(world: World) -> None:
    """Envelope and box must name the same recipient, source and revision."""
    party = Party()
    for lie in ({"recipient_id": "other"}, {"source": "mentoring"}, {"revision": 7}):
        with pytest.raises(CardOfSomebodyElse):
            await world.hear(await world.card(party, **_inside(lie)))
    assert await world.rows("cards") == []


def _inside(lie: dict[str, object]) -> dict[str, object]:
    return lie if "revision" not in lie else {"source": "booking", "recipient_id": "x"}


async def test_the_newest_card_is_used(world: World) -> None:
    """An older revision is superseded, and what is queued goes to the new number."""
    party = Party(phone="+46701740629", email=None)
    await world.hear(await world.card(party), party.confirmed())
    moved = await world.card(party, revision=2, phone="+46701740630")
    assert await world.hear(moved, await world.card(party, revision=1)) == ["handled", "superseded"]
    await world.send_all()
    assert await world.phone("+46701740629") == []
    assert len(await world.phone("+46701740630")) == 1


async def test_a_forgotten_person(world: World) -> None:
    """Nothing more is sent, no address or fingerprint is left, and late cards are dropped."""
    party = Party(phone="+46701740631")
    card = await world.card(party)
    await world.hear(card, party.confirmed())
    await world.hear(party.forgotten())
    await world.send_all()
    assert await world.phone("+46701740631") == []
    late = await world.card(party, revision=9)
    assert await world.hear(late) == ["refused:person-forgotten"]
    assert await world.hear(party.cancelled()) == ["refused:person-forgotten"]
    number = world.house.numbers.of_phone("+46701740631")
    for name in await world.house.ground.database.list_collection_names():
        if not name.startswith("system."):
            assert number not in repr(await world.rows(name)), name
    assert (await world.rows("messages"))[0]["facts"] == {}
    assert await world.rows("bookings") == []


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"key_id": "1999-W01"}, "sealing-key-gone"),
        ({"box": "AAAA"}, "box-does-not-open"),
        ({"box": "å"}, "box-does-not-open"),
    ],
)
async def test_a_box_that_cannot_be_opened_is_given_up(
    world: World, said: dict[str, str], reason: str
) -> None:
    """Trying again cannot help, so it is parked at once under a name; a good card is kept."""
    party = Party()
    card = await world.card(party)
    spoilt = card.model_copy(update={"data": {**card.data, **said}})
    with pytest.raises(GiveUp) as given_up:
        await world.hear(spoilt)
    assert given_up.value.reason == reason
    assert await world.rows("cards") == []
    assert await world.hear(card) == ["handled"]
