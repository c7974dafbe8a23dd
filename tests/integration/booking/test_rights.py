"""Who may do what: staff by role, participants by their link, facilitators by their occasion."""

from __future__ import annotations

from datetime import timedelta

from services.booking.use_cases.let_time_pass import DeleteOldNeeds
from tests.integration.booking.world import World


async def test_nobody_gets_in_without_a_token_or_with_the_wrong_role(world: World) -> None:
    """401 without, 403 with a role that has no right to it."""
    occasion = await world.an_occasion()
    for path in ("/v1/occasions", "/v1/bookings", f"/v1/occasions/{occasion['id']}/line"):
        assert (await world.client.get(path)).status_code == 401
        await world.ask("GET", path, 403, by="editor")
    await world.ask("GET", "/v1/bookings", 403, by="facilitator")
    await world.ask("GET", "/v1/occasions", by="facilitator")


async def test_who_asks_is_looked_at_first(world: World) -> None:
    """Without a token or link it is 401, whatever else is wrong with the request."""
    wrong = {"Idempotency-Key": "two words"}
    for method, path in (
        ("POST", "/v1/occasions"),
        ("PATCH", "/v1/bookings/x"),
        ("POST", "/v1/bookings/x/move"),
        ("POST", "/v1/my-booking/move"),
        ("PATCH", "/v1/my-booking"),
        ("POST", "/v1/season-imports"),
    ):
        answer = await world.client.request(method, path, headers=wrong, content=b"{")
        assert answer.status_code == 401, path


async def test_a_link_opens_one_booking_and_no_other(world: World) -> None:
    """Somebody else's link shows nothing of mine; a made-up one is a 404."""
    occasion = await world.an_occasion()
    mine, yours = await world.book(occasion["id"]), await world.book(occasion["id"])
    link = await world.link_of(mine["id"])
    shown = (await world.client.get("/v1/my-booking", headers=link)).json()
    assert shown["id"] == mine["id"] != yours["id"]
    assert shown["occasion"]["title"] == occasion["title"]
    made_up = {"Link-Secret": "A" * 43}
    assert (await world.client.get("/v1/my-booking", headers=made_up)).status_code == 404
    assert (await world.client.get("/v1/my-booking")).status_code == 401


async def test_needs_are_read_by_the_occasions_own_leaders_and_leave_a_trace(world: World) -> None:
    """A facilitator of that occasion reads them; another, and a coordinator, does not."""
    occasion = await world.an_occasion(leaders=["Leyla Sjö"])
    booking = await world.book(occasion["id"], needs="rullstol")
    await world.book(occasion["id"])
    path = f"/v1/occasions/{occasion['id']}/needs"
    leyla = world.signed_in("facilitator", "leyla.sjo")
    answer = await world.client.get(path, headers=leyla)
    assert answer.json()["items"] == [{"booking_id": booking["id"], "needs": "rullstol"}]
    sanna = world.signed_in("facilitator", "sanna.ek")
    assert (await world.client.get(path, headers=sanna)).status_code == 403
    await world.ask("GET", path, 403)
    read, refused, at_the_door = await world.house.ground.audit.entries.after(0, limit=10)
    assert (read["actor"], read["subjects"]) == ("sub-leyla.sjo", [booking["id"]])
    assert (read["fields"], read["reference"]) == (["needs"], occasion["id"])
    assert (refused["actor"], refused["allowed"], refused["rule"]) == (
        *("sub-sanna.ek", False, "not-a-leader"),
    )
    assert (at_the_door["allowed"], at_the_door["rule"]) == (False, "needs:needs.read")
    assert at_the_door["subjects"] == [occasion["id"]]


async def test_needs_are_gone_thirty_days_after(world: World) -> None:
    """Not before; then the text and the key that it was written with are deleted."""
    occasion = await world.an_occasion()
    await world.book(occasion["id"], needs="nötallergi")
    forget = DeleteOldNeeds(world.house.stores.bookings, world.house.ground.people, world.clock)
    world.clock.advance(timedelta(days=17 + 29))
    assert await forget() == 0
    world.clock.advance(timedelta(days=2))
    assert await forget() == 1
    assert await forget() == 0
    assert not await world.house.ground.database["bookings"].find_one({"needs": {"$exists": True}})
    assert not await world.house.ground.keys["person_keys"].find_one({})


async def test_heads_are_counted_from_an_hour_before(world: World) -> None:
    """Not earlier; a new count replaces; one that is not on the occasion changes nothing."""
    occasion = await world.an_occasion()
    booking = await world.book(occasion["id"], size=20)
    path = f"/v1/occasions/{occasion['id']}/attendance"
    came = {"booking_id": booking["id"], "pupils": 18, "adults": 1}
    await world.change("POST", path, 409, json={"came": [came]})
    world.clock.advance(timedelta(days=17, hours=3))
    counted = await world.change("POST", path, json={"came": [came]}, by="facilitator")
    assert counted["came"] == [came]
    stranger = {**came, "booking_id": occasion["id"]}
    await world.change("POST", path, 409, json={"came": [{**came, "pupils": 3}, stranger]})
    await world.ask("POST", path, 428, json={"came": [came]})
    shown = await world.ask("GET", f"/v1/bookings/{booking['id']}")
    assert shown["attended"] == {"pupils": 18, "adults": 1}
    [told] = await world.told("attendance-recorded")
    assert told.data["pupils"] == 18


async def test_not_ready_before_a_card_could_be_sealed(world: World) -> None:
    """Readiness says which thing is missing, and a booking is refused with 503."""
    assert (await world.client.get("/health/ready")).status_code == 200
    await world.house.ground.database["known_sealing_keys"].delete_many({})
    world.house.cards._known.clear()
    answer = await world.client.get("/health/ready")
    assert answer.status_code == 503
    occasion = await world.an_occasion()
    problem = await world.book(occasion["id"], status=503)
    assert problem["type"].endswith("/sealing-key-missing")
