"""A place becomes free: who is offered it, until when, and what an answer does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from services.booking.use_cases.let_time_pass import SettleWhatIsDue
from services.booking.use_cases.staff_words import key_of
from tests.integration.booking.world import World, if_match


async def a_line(world: World) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """An occasion of 30: 29 booked, then 26, 25 and 4 in line."""
    occasion = await world.an_occasion(capacity=30)
    parties = [await world.book(occasion["id"], size=size) for size in (29, 26, 25, 4)]
    return occasion, parties


async def test_cancel_offer_yes(world: World) -> None:
    """Staff cancel; the next that fits is offered the places, says yes by its link, has them."""
    occasion, (first, second, third, fourth) = await a_line(world)
    gone = await world.cancel(first, reason="Skolan har ringt.")
    assert gone["state"] == "cancelled"
    offers = await world.told("place-offered")
    assert [offer.subject for offer in offers] == [second["id"], fourth["id"]]
    assert offers[0].data["deadline"] == "2027-01-12T08:00:00Z"
    link = await world.link_of(second["id"])
    shown = await world.client.get("/v1/my-booking/offer", headers=link)
    offered = shown.json()
    assert (offered["size"], offered["offer"]["deadline"]) == (26, "2027-01-12T08:00:00Z")
    seen = await world.seen_by(link)
    assert shown.headers["etag"] == seen["If-Match"]
    taken = await world.client.post("/v1/my-booking/offer/acceptance", headers=seen)
    assert (taken.status_code, taken.json()["state"]) == (200, "confirmed")
    [told] = await world.told("booking-confirmed", second["id"])
    assert told.data["through"] == "offer"
    again = await world.client.post("/v1/my-booking/offer/acceptance", headers=seen)
    assert again.status_code == 200
    assert len(await world.told("booking-confirmed", second["id"])) == 1
    now = await world.occasion(occasion["id"])
    assert (now["confirmed"], now["offered"], now["waiting"]) == (26, 4, 25)
    assert third["state"] == "waiting"


async def test_no_passes_it_on(world: World) -> None:
    """A no leaves the line, and the places go to the next that fits, told once each."""
    _, (first, second, third, _) = await a_line(world)
    await world.cancel(first)
    link = await world.link_of(second["id"])
    seen = await world.seen_by(link)
    left = await world.client.post("/v1/my-booking/offer/refusal", headers=seen)
    assert left.json()["state"] == "declined"
    assert await world.told("place-offered", third["id"])
    again = await world.client.post("/v1/my-booking/offer/refusal", headers=seen)
    assert (again.status_code, again.json()["state"]) == (200, "declined")
    assert len(await world.told("offer-declined")) == 1


async def test_an_expired_offer_is_dead_without_any_background_job(world: World) -> None:
    """After the deadline a yes is refused, the booking says so, and the next is asked."""
    _, (first, second, third, _) = await a_line(world)
    await world.cancel(first)
    link = await world.link_of(second["id"])
    seen = await world.seen_by(link)
    world.clock.advance(timedelta(days=1))
    late = await world.client.post("/v1/my-booking/offer/acceptance", headers=seen)
    assert late.status_code == 409
    assert late.json()["type"].endswith("/offer-has-expired")
    mine = (await world.client.get("/v1/my-booking", headers=link)).json()
    assert (mine["state"], mine["offer"]) == ("expired", None)
    assert await world.told("offer-expired", second["id"])
    assert await world.told("place-offered", third["id"])


async def test_the_clockwork_ends_offers_that_are_due(world: World) -> None:
    """Nobody asks: the job finds the occasion by its due time, once."""
    _, (first, second, _, _) = await a_line(world)
    await world.cancel(first)
    settle = SettleWhatIsDue(world.house.stores.occasions, world.house.decisions, world.clock)
    assert await settle() == 0
    world.clock.advance(timedelta(days=1))
    assert await settle() == 1
    assert await settle() == 0
    assert await world.told("offer-expired", second["id"])


async def test_more_room_brings_offers(world: World) -> None:
    """A raise of the capacity offers the new places, and a stale version is refused."""
    occasion, (_, second, _, _) = await a_line(world)
    version = (await world.occasion(occasion["id"]))["version"]
    path, headers = f"/v1/occasions/{occasion['id']}", {"If-Match": f'"{version}"'}
    changed = await world.ask("PATCH", path, json={"capacity": 60}, headers=headers)
    assert (changed["capacity"], changed["version"]) == (60, version + 1)
    assert await world.told("place-offered", second["id"])
    await world.ask("PATCH", path, 412, json={"capacity": 70}, headers=headers)
    await world.ask("PATCH", path, 428, json={"capacity": 70})


async def test_a_move_is_both_halves_or_neither(world: World) -> None:
    """Moved, the booking is told of once, and what it leaves is offered; refused, nothing moves."""
    occasion, (first, second, _, _) = await a_line(world)
    other = await world.an_occasion(capacity=20, starts_local="2027-02-04T09:00:00")
    path = f"/v1/bookings/{first['id']}/move"
    refused = await world.change("POST", path, 409, json={"occasion_id": other["id"]})
    assert refused["type"].endswith("/larger-than-room")
    body = {"occasion_id": other["id"], "when_full": "wait"}
    moved = await world.change("POST", path, json=body)
    assert (moved["occasion_id"], moved["state"]) == (other["id"], "waiting")
    [told] = await world.told("booking-moved", first["id"])
    assert told.data["before"]["occasion_id"] == occasion["id"]
    assert await world.told("place-offered", second["id"])
    shown = await world.ask("GET", f"/v1/bookings/{first['id']}")
    assert (shown["occasion_id"], shown["flags"]) == (other["id"], ["larger-than-room"])


async def test_fewer_heads_give_places_back(world: World) -> None:
    """A smaller head count is told, offers what it frees, and needs the version that was read."""
    _, (first, _, _, fourth) = await a_line(world)
    link = await world.link_of(first["id"])
    shown = await world.client.get("/v1/my-booking", headers=link)
    body, headers = {"pupils": 24, "adults": 2}, {**link, "If-Match": shown.headers["etag"]}
    changed = await world.client.patch("/v1/my-booking", json=body, headers=headers)
    assert (changed.status_code, changed.json()["size"]) == (200, 26)
    stale = await world.client.patch("/v1/my-booking", json=body, headers=headers)
    assert stale.status_code == 412
    assert await world.told("place-offered", fourth["id"])
    [told] = await world.told("head-count-changed", first["id"])
    assert told.data["size"] == 26


async def test_another_time_or_room_is_told_to_each(world: World) -> None:
    """Everybody on the occasion hears of the new time with the old one; their places stand."""
    occasion, parties = await a_line(world)
    version = (await world.occasion(occasion["id"]))["version"]
    changed = await world.ask(
        "PATCH",
        f"/v1/occasions/{occasion['id']}",
        json={"starts_local": "2027-01-29T10:00", "room": "Aulan Flamman"},
        headers={"If-Match": f'"{version}"'},
    )
    assert (changed["starts_at"], changed["room"]) == ("2027-01-29T09:00:00Z", "Aulan Flamman")
    told = await world.told("booking-moved")
    assert {event.subject for event in told} == {party["id"] for party in parties}
    assert told[0].data["reason"] == "occasion-changed"
    assert told[0].data["before"]["room"] == "Sal 2"
    numbers = [event.sequence for event in await world.told(subject=parties[0]["id"])]
    assert numbers == sorted(set(numbers))


async def test_a_cancelled_occasion_is_told_to_all_and_takes_nobody(world: World) -> None:
    """It needs a reason; each party hears; nobody can book it any more."""
    occasion, parties = await a_line(world)
    path = f"/v1/occasions/{occasion['id']}/cancellation"
    await world.change("POST", path, 422, json={"reason": "  "})
    gone = await world.change("POST", path, json={"reason": "Ledaren är sjuk."})
    again = await world.ask("POST", path, json={"reason": "Sjuk."}, headers=if_match(1))
    assert again["version"] == gone["version"]
    assert gone["cancelled"] is True
    told = await world.told("booking-cancelled")
    assert {event.subject for event in told} == {party["id"] for party in parties}
    assert {event.data["reason"] for event in told} == {"occasion-cancelled"}
    refused = await world.book(occasion["id"], status=409)
    assert refused["type"].endswith("/occasion-is-cancelled")


async def test_a_move_in_the_line_needs_a_reason_and_is_kept(world: World) -> None:
    """Who moved whom, and why, can be read afterwards; at rest the words are under a key."""
    occasion, (_, _, third, _) = await a_line(world)
    path = f"/v1/occasions/{occasion['id']}/line-moves"
    body = {"booking_id": third["id"], "position": 1, "reason": "Kan bara den dagen."}
    await world.ask("POST", path, 412, json=body, headers=if_match(1))
    line = await world.change("POST", path, 201, json=body)
    assert line["items"][0]["booking_id"] == third["id"]
    [kept] = (await world.ask("GET", path))["items"]
    assert (kept["from_position"], kept["to_position"]) == (2, 1)
    assert (kept["reason"], kept["by"]) == ("Kan bara den dagen.", "sub-amina.lund")
    await world.change("POST", path, 422, json={**body, "reason": ""})
    await world.change("POST", path, 404, json={**body, "booking_id": "nobody"})

    [row] = [each async for each in world.house.ground.database["line_moves"].find()]
    assert body["booking_id"] in str(row)
    assert "den dagen" not in str(row)
    await world.house.ground.people.forget(key_of(row["recipient_id"]))
    [kept] = (await world.ask("GET", path))["items"]
    assert (kept["reason"], kept["to_position"]) == (None, 1)


async def test_what_has_been_is_not_cancelled_by_the_party(world: World) -> None:
    """From the start on the party's own page says so, and only staff can say it never came."""
    occasion, (first, *_) = await a_line(world)
    link = await world.link_of(first["id"])
    before = (await world.client.get("/v1/my-booking", headers=link)).json()
    starts_at = datetime.fromisoformat(occasion["starts_at"])
    world.clock.advance(starts_at - world.clock.now())
    after = (await world.client.get("/v1/my-booking", headers=link)).json()
    seen = [shown["occasion"]["has_started"] for shown in (before, after)]
    assert seen == [False, True]
    headers = {**await world.seen_by(link), "Idempotency-Key": "too-late-to-cancel-0001"}
    late = await world.client.post("/v1/my-booking/cancellation", headers=headers)
    assert (late.status_code, late.json()["type"].split("/")[-1]) == (409, "occasion-has-started")
    never_came = await world.cancel(first, reason="De kom aldrig.")
    assert never_came["state"] == "cancelled"
