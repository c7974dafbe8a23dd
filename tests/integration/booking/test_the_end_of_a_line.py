"""When no place can be given any more: who still waits is told, and what has been takes nobody."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.booking.use_cases.let_time_pass import SettleWhatIsDue
from tests.integration.booking.test_offers import a_line
from tests.integration.booking.world import World


async def test_who_waits_in_vain_is_told_once_and_stays_findable(world: World) -> None:
    """Two hours before the start each who waits is told; lists, counts and pages say how it was."""
    occasion, (first, second, third, fourth) = await a_line(world)
    link, late = await world.link_of(second["id"]), await world.link_of(first["id"])
    settle = SettleWhatIsDue(world.house.stores.occasions, world.house.decisions, world.clock)
    starts_at = datetime.fromisoformat(occasion["starts_at"])
    world.clock.advance(starts_at - timedelta(hours=2, minutes=1) - world.clock.now())
    assert await settle() == 0
    world.clock.advance(timedelta(minutes=1))
    assert [await settle(), await settle()] == [1, 0]
    told = await world.told("booking-unserved")
    assert [event.subject for event in told] == [each["id"] for each in (second, third, fourth)]
    asked = {"occasion_id": occasion["id"], "state": "unserved"}
    listed = await world.ask("GET", "/v1/bookings", params=asked)
    assert (listed["total"], {each["position"] for each in listed["items"]}) == (3, {None})
    now = await world.occasion(occasion["id"])
    assert (now["confirmed"], now["offered"], now["waiting"]) == (29, 0, 0)
    mine = await world.client.get("/v1/my-booking", headers=link)
    assert (mine.json()["state"], mine.json()["offer"]) == ("unserved", None)
    seen = await world.seen_by(link)
    for path in ("cancellation", "offer/acceptance", "offer/refusal"):
        refused = await world.client.post(f"/v1/my-booking/{path}", headers=seen)
        assert refused.status_code in (404, 409), path
    assert (await world.cancel(first, reason="Sjuka."))["state"] == "cancelled"
    assert (await world.client.get("/v1/my-booking", headers=late)).json()["state"] == "cancelled"
    assert await world.told("place-offered") == []
    assert len(await world.told("booking-unserved")) == 3


async def test_a_held_line_is_looked_at_again_until_its_end(world: World) -> None:
    """A moment that came and changed nothing does not hide the next one."""
    occasion = await world.an_occasion(capacity=30)
    for size in (20, 20, 2, 2, 2, 31):
        await world.book(occasion["id"], size=size)
    settle = SettleWhatIsDue(world.house.stores.occasions, world.house.decisions, world.clock)
    starts_at = datetime.fromisoformat(occasion["starts_at"])
    world.clock.advance(starts_at - timedelta(days=2) - world.clock.now())
    assert [await settle(), await settle()] == [1, 0]
    assert await world.told("place-offered") == []
    world.clock.advance(timedelta(days=2))
    assert [await settle(), await settle()] == [1, 0]
    assert len(await world.told("booking-unserved")) == 2


async def test_what_has_been_is_registered_and_takes_nobody(world: World) -> None:
    """History may be added, for the accounts to funders; it is not booked and offers nothing."""
    past = await world.an_occasion(starts_local="2026-11-02T09:00:00")
    refused = await world.book(past["id"], status=409)
    assert refused["type"].endswith("/occasion-has-started")
    coming = await world.an_occasion()
    booking = await world.book(coming["id"])
    path = f"/v1/bookings/{booking['id']}/move"
    body = {"occasion_id": past["id"], "when_full": "wait"}
    refused = await world.change("POST", path, 409, json=body)
    assert refused["type"].endswith("/occasion-has-started")
    back = {"starts_local": "2026-11-02T09:00:00"}
    refused = await world.change("PATCH", f"/v1/occasions/{coming['id']}", 409, json=back)
    assert refused["type"].endswith("/time-has-passed")
