"""Answers by SMS: codes, bare words, help, and never a text kept."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from shared.contracts import booking
from shared.delivery.inbox import AlreadyHandled
from tests.integration.notifications.world import NOW, Party, World, occasion

DEADLINE = NOW + timedelta(days=2)


async def offered(world: World, phone: str, offer_id: str) -> Party:
    party = Party(phone=phone, email=None)
    await world.hear(await world.card(party), party.offered(offer_id, DEADLINE))
    return party


async def say(world: World, phone: str, text: str) -> dict[str, Any]:
    answer = await world.sink.post("/phone/reply", json={"from": phone, "message": text})
    assert answer.status_code < 300, answer.text
    return dict(answer.json())


async def answers(world: World) -> list[tuple[str, str]]:
    return [
        (told.data["offer_id"], told.data["answer"]) for told in await world.told("reply-received")
    ]


async def test_the_code_in_the_sms_answers_its_offer(world: World) -> None:
    """`Svara JA 2`: each number counts its own codes, over all recipients that share it."""
    phone = "+46701740638"
    first, second = await offered(world, phone, "offer-a"), await offered(world, phone, "offer-b")
    await offered(world, "+46701740639", "offer-c")
    await world.send_all()
    texts = [shown["message"] for shown in await world.phone(phone)]
    assert "JA 2 eller NEJ 2 före lördag 16 januari kl. 11:00" in texts[0]
    assert "JA 1" in (await world.phone("+46701740639"))[0]["message"]
    await say(world, phone, "ja2")
    await say(world, phone, "Nej tack 1")
    assert await answers(world) == [("offer-b", "yes"), ("offer-a", "no")]
    told = await world.told("reply-received")
    assert [each.data["booking_id"] for each in told] == [second.booking_id, first.booking_id]
    assert "message" not in told[0].data


async def test_a_bare_answer_and_its_limits(world: World) -> None:
    """Bare JA works with one live offer; with two, one helping reply names codes and days."""
    phone = "+46701740640"
    await offered(world, phone, "offer-d")
    await say(world, phone, "Ja!")
    assert await answers(world) == [("offer-d", "yes")]
    await offered(world, phone, "offer-e")
    await world.send_all()
    await say(world, phone, "JA")
    assert len(await answers(world)) == 1
    await world.send_all()
    newest = (await world.phone(phone))[0]["message"]
    named = "JA 1 eller NEJ 1: Demokrativerkstad åk 7-9, torsdag 21 januari kl. 11:00. JA 2"
    assert newest.startswith(f"Vilket menar du? {named}")


async def test_a_late_answer_is_passed_on_to_be_refused(world: World) -> None:
    """JA after the offer is over: booking is asked, and its refusal is told kindly."""
    phone = "+46701740641"
    party = await offered(world, phone, "offer-f")
    await world.hear(party.event(booking.OfferExpired, offer_id="offer-f"))
    await say(world, phone, "JA 1")
    await say(world, phone, "ja")
    assert await answers(world) == [("offer-f", "yes"), ("offer-f", "yes")]
    refused = party.event(booking.AnswerRefused, offer_id="offer-f", why="offer-has-expired")
    await world.hear(refused)
    await world.send_all()
    assert "gäller inte längre" in (await world.phone(phone))[0]["message"]


async def test_two_machines_do_not_talk_for_ever(world: World) -> None:
    """Unknown text gets one helping reply per number and day; the next day one more."""
    phone = "+46701740642"
    await offered(world, phone, "offer-g")
    await world.send_all()
    for _ in range(4):
        await say(world, phone, "Jag är på semester.")
        await world.send_all()
    assert len(await world.phone(phone)) == 2
    world.clock.advance(timedelta(days=1))
    await say(world, phone, "Jag är på semester.")
    await world.send_all()
    assert len(await world.phone(phone)) == 3


async def test_a_strangers_sms_is_taken_and_left(world: World) -> None:
    """A number that nobody has gets no answer, and nothing of it is readable afterwards."""
    await say(world, "+46701740643", "hemligt ord åäö")
    assert await world.rows("deliveries") == []
    kept = repr([await world.rows(name) for name in ("replies", "outbox", "helps", "messages")])
    assert "hemligt" not in kept
    assert "46701740643" not in kept


async def test_the_same_inbound_sms_twice(world: World) -> None:
    """Deduplicated by the provider's id: one answer, 204 and empty both times."""
    phone = "+46701740644"
    await offered(world, phone, "offer-h")
    form = {"id": "s123", "from": phone, "to": "+46701740699", "message": "JA"}
    path = "/v1/callbacks/46elks/callback-secret-of-the-tests/incoming"
    for _ in range(2):
        answer = await world.client.post(path, data=form)
        assert (answer.status_code, answer.content) == (204, b"")
    assert await answers(world) == [("offer-h", "yes")]


async def test_callbacks_need_the_secret(world: World) -> None:
    """A wrong secret is a 404, a form without its fields a 422; nothing is taken."""
    form = {"id": "s1", "from": "+46701740645", "message": "JA"}
    wrong = await world.client.post("/v1/callbacks/46elks/guess/incoming", data=form)
    assert wrong.status_code == 404
    path = "/v1/callbacks/46elks/callback-secret-of-the-tests"
    bare = await world.client.post(f"{path}/incoming", data={"id": "s1"})
    assert bare.status_code == 422
    assert bare.json()["type"].endswith("/callback-unreadable")
    odd = {"id": "s1", "status": "exploded"}
    assert (await world.client.post(f"{path}/delivery?delivery=x", data=odd)).status_code == 204
    known = {"id": "s1", "status": "delivered"}
    assert (await world.client.post(f"{path}/delivery?delivery=x", data=known)).status_code == 204
    assert await world.rows("replies") == []


async def test_a_number_keeps_counting(world: World) -> None:
    """A code is never used again for a number, also after its offer is long over."""
    phone = "+46701740646"
    for n in range(3):
        party = await offered(world, phone, f"offer-n{n}")
        await world.hear(party.event(booking.OfferDeclined, offer_id=f"offer-n{n}"))
    assert sorted(row["code"] for row in await world.rows("offers")) == [1, 2, 3]


async def test_an_offer_made_before_its_card(world: World) -> None:
    """The code comes with the number, and the SMS says it."""
    party = Party(phone="+46701740647", email=None)
    await world.hear(party.offered("offer-early", DEADLINE))
    assert (await world.rows("offers"))[0]["code"] is None
    await world.hear(await world.card(party))
    await world.send_all()
    assert "JA 1 eller NEJ 1" in (await world.phone("+46701740647"))[0]["message"]


async def test_a_late_answer_names_the_offer_and_not_the_new_occasion(world: World) -> None:
    """The booking was moved since: the reply is about what was offered, never about the new day."""
    phone = "+46701740644"
    party = await offered(world, phone, "offer-g")
    moved = party.moved(occasion(NOW + timedelta(days=30), title="Hat på nätet"))
    refused = party.event(booking.AnswerRefused, offer_id="offer-g", why="offer-not-found")
    await world.hear(moved, refused)
    await world.send_all()
    newest = (await world.phone(phone))[0]["message"]
    assert "erbjudandet om Demokrativerkstad åk 7-9, torsdag 21 januari kl. 11:00" in newest
    assert "Hat på nätet" not in newest
    unknown = party.event(booking.AnswerRefused, offer_id="never-heard-of", why="offer-not-found")
    await world.hear(unknown)
    await world.send_all()
    assert "erbjudandet gäller inte längre" in (await world.phone(phone))[0]["message"]


async def test_who_waited_in_vain_hears_it_once(world: World) -> None:
    """One SMS says kindly that there was no place, whatever comes twice; nothing is remembered."""
    phone = "+46701740645"
    party = Party(phone=phone, email=None)
    await world.hear(await world.card(party), party.event(booking.BookingWaitlisted, position=1))
    await world.send_all()
    unserved = party.event(booking.BookingUnserved)
    await world.hear(unserved)
    with suppress(AlreadyHandled):
        await world.hear(unserved)
    await world.send_all()
    newest, first = (shown["message"] for shown in await world.phone(phone))
    assert newest.startswith("Det blev tyvärr ingen plats den här gången på Demokrativerkstad")
    assert "i kön" in first
