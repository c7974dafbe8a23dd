"""Asking for places over HTTP: who gets them, who waits, and what is told of it."""

from __future__ import annotations

import asyncio
from collections import Counter

from tests.integration.booking.world import World


async def test_a_party_that_fits_has_its_places(world: World) -> None:
    """A booking is confirmed, told with the occasion's facts, and its contact is sealed."""
    occasion = await world.an_occasion(capacity=30)
    booking = await world.book(occasion["id"], size=29)
    assert (booking["state"], booking["position"], booking["flags"]) == ("confirmed", None, [])
    [told] = await world.told("booking-confirmed", booking["id"])
    assert told.data["size"] == 29
    assert told.data["occasion"]["starts_at"] == "2027-01-28T12:30:00Z"
    card = await world.card_of(booking["id"])
    assert (card["name"], card["phone"]) == ("Åsa Öberg", "+46701740605")
    assert (await world.occasion(occasion["id"]))["confirmed"] == 29


async def test_the_first_come_are_confirmed_and_the_rest_wait(world: World) -> None:
    """What does not fit waits in line, and a party larger than the room says so."""
    occasion = await world.an_occasion(capacity=30)
    await world.book(occasion["id"], size=20)
    second = await world.book(occasion["id"], size=15)
    third = await world.book(occasion["id"], size=31)
    assert (second["state"], second["position"]) == ("waiting", 1)
    assert (third["position"], third["flags"]) == (2, ["larger-than-room"])
    [told] = await world.told("booking-waitlisted", third["id"])
    assert told.data["larger_than_room"] is True
    larger = {"flag": "larger-than-room", "state": "waiting"}
    found = await world.ask("GET", "/v1/bookings", params=larger)
    assert [each["id"] for each in found["items"]] == [third["id"]]
    line = await world.ask("GET", f"/v1/occasions/{occasion['id']}/line")
    assert [each["size"] for each in line["items"]] == [15, 31]


async def test_without_wait_a_full_occasion_refuses(world: World) -> None:
    """`when_full: refuse` is the default and answers 409 `occasion-full`; nothing is kept."""
    occasion = await world.an_occasion(capacity=10)
    await world.book(occasion["id"], size=10)
    problem = await world.book(occasion["id"], size=1 + 1, status=409, when_full="refuse")
    assert problem["type"].endswith("/occasion-full")
    assert await world.house.ground.database["bookings"].count_documents({}) == 1


async def test_many_at_once_never_oversell(world: World) -> None:
    """Forty askers for ten places, combined: ten are confirmed, thirty wait, each told once."""
    occasion = await world.an_occasion(capacity=10)
    party = {"kind": "individual"}
    booked = await asyncio.gather(*(world.book(occasion["id"], party=party) for _ in range(40)))
    assert Counter(each["state"] for each in booked) == {"confirmed": 10, "waiting": 30}
    assert sorted(each["position"] for each in booked if each["position"]) == list(range(1, 31))
    assert len(await world.told("booking-confirmed")) == 10
    now = await world.occasion(occasion["id"])
    assert (now["confirmed"], now["waiting"]) == (10, 30)


async def test_the_same_key_books_once(world: World) -> None:
    """A repeated Idempotency-Key gives the same answer, also at once; another body is 422."""
    occasion = await world.an_occasion(capacity=30)
    headers = {"Idempotency-Key": "one-and-the-same"}
    answers = await asyncio.gather(
        *(world.book(occasion["id"], size=5, headers=headers) for _ in range(5))
    )
    assert len({answer["id"] for answer in answers}) == 1
    assert await world.house.ground.database["bookings"].count_documents({}) == 1
    other = await world.book(occasion["id"], size=6, status=422, headers=headers)
    assert other["type"].endswith("/idempotency-key-reused")


async def test_a_phone_that_cannot_be_used_is_refused_at_the_form(world: World) -> None:
    """A person is there to mend it: 422 `broken-phone`, without repeating the number."""
    occasion = await world.an_occasion()
    contact = {"name": "Åsa", "phone": "070-ring mig"}
    problem = await world.book(occasion["id"], status=422, contact=contact)
    assert problem["type"].endswith("/broken-phone")
    assert "ring" not in str(problem)


async def test_a_landline_alone_is_refused_at_the_form(world: World) -> None:
    """Nobody would be told anything; with an address it is booked and flagged, as by staff."""
    occasion = await world.an_occasion()
    contact = {"name": "Åsa", "phone": "040-12 34 56"}
    problem = await world.book(occasion["id"], status=422, contact=contact)
    assert problem["type"].endswith("/phone-cannot-take-sms")
    both = {**contact, "email": "asa@skola.example"}
    assert (await world.book(occasion["id"], contact=both))["flags"] == ["phone-cannot-take-sms"]
    called = await world.book(occasion["id"], contact=contact, headers=world.signed_in())
    assert called["flags"] == ["phone-cannot-take-sms", "unreachable"]
    assert (await world.card_of(called["id"]))["phone"] == "+4640123456"


async def test_a_class_cannot_become_nobody(world: World) -> None:
    """Nought pupils and two adults: a sentence that says what to do, and nothing is changed."""
    occasion = await world.an_occasion()
    booked = await world.book(occasion["id"], size=20)
    link = await world.seen_by(await world.link_of(booked["id"]))
    wrong = await world.client.patch(
        "/v1/my-booking", json={"pupils": 0, "adults": 2}, headers=link
    )
    assert (wrong.status_code, wrong.json()["type"][-21:]) == (422, "/class-without-pupils")
    assert "avboka i stället" in wrong.json()["detail"]
    assert (await world.occasion(occasion["id"]))["confirmed"] == 20


async def test_nothing_of_the_contact_stays_in_booking(world: World) -> None:
    """No name, number, address, need or link secret stands in the database in plain text."""
    occasion = await world.an_occasion()
    contact = {"name": "Kanariefågel Ek", "phone": "0701740677", "email": "kanarie@skola.example"}
    booking = await world.book(occasion["id"], contact=contact, needs="rullstol kanarie")
    secret = (await world.card_of(booking["id"]))["link_secret"]
    text = ""
    for name in await world.house.ground.database.list_collection_names():
        async for document in world.house.ground.database[name].find():
            text += repr(document).casefold()
    for planted in ("kanarie", "701740677", secret.casefold()):
        assert planted not in text


async def test_a_consultation_is_closed_while_nobody_can_read_the_question(world: World) -> None:
    """Without a key of mentoring a consultation is refused and nothing is booked."""
    occasion = await world.an_occasion(kind="consultation")
    problem = await world.book(occasion["id"], status=409, question="Jag är orolig för en elev.")
    assert problem["type"].endswith("/consultation-not-open")
    missing = await world.book(occasion["id"], status=422)
    assert missing["type"].endswith("/question-missing")
    assert await world.house.ground.database["bookings"].count_documents({}) == 0


async def test_an_activity_is_added_once_for_a_key(world: World) -> None:
    """The same key gives the same activity, also when both copies come at once."""
    body, headers = {"title": "Hat på nätet", "kind": "workshop"}, {"Idempotency-Key": "k-1"}
    added = await asyncio.gather(
        *(world.ask("POST", "/v1/activities", 201, json=body, headers=headers) for _ in range(3))
    )
    assert len({each["id"] for each in added}) == 1
    assert (await world.ask("GET", "/v1/activities"))["total"] == 1


async def test_occasions_of_a_day(world: World) -> None:
    """A day is a whole local day, both ends included; a time is exact; nonsense is a 422."""
    occasion = await world.an_occasion(starts_local="2027-01-28T00:30:00")
    for query, found in (
        ({"from": "2027-01-28", "to": "2027-01-28"}, 1),
        ({"to": "2027-01-27"}, 0),
        ({"from": "2027-01-27T23:30:00Z", "to": "2027-01-27T23:30:01Z"}, 1),
        ({"to": "2027-01-27T23:30:00Z"}, 0),
    ):
        assert (await world.ask("GET", "/v1/occasions", params=query))["total"] == found, query
    await world.ask("GET", "/v1/occasions", 422, params={"from": "2027-02-30"})
    assert occasion["starts_at"] == "2027-01-27T23:30:00Z"


async def test_a_day_that_is_not_in_the_calendar(world: World) -> None:
    """The 30th of February is refused like any other wrong value, for new occasions and old."""
    occasion = await world.an_occasion()
    body = {name: occasion[name] for name in ("activity_id", "minutes", "room", "capacity")}
    never = {"starts_local": "2027-02-30T10:00:00"}
    await world.ask("POST", "/v1/occasions", 422, json=body | never)
    path, headers = f"/v1/occasions/{occasion['id']}", {"If-Match": f'"{occasion["version"]}"'}
    await world.ask("PATCH", path, 422, json=never, headers=headers)


async def test_an_occasion_is_somewhere(world: World) -> None:
    """Every message says where: a room of white space is refused, for new occasions and old."""
    occasion = await world.an_occasion()
    body = {name: occasion[name] for name in ("activity_id", "minutes", "capacity", "starts_local")}
    await world.ask("POST", "/v1/occasions", 422, json=body | {"room": " "})
    path, headers = f"/v1/occasions/{occasion['id']}", {"If-Match": f'"{occasion["version"]}"'}
    await world.ask("PATCH", path, 422, json={"room": ""}, headers=headers)
