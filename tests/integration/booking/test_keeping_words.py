"""How long staff's own words about a party are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.booking.use_cases.delete_old_words import DeleteOldWords
from services.booking.use_cases.let_time_pass import DeleteOldNeeds
from services.booking.use_cases.staff_words import key_of
from tests.integration.booking.world import World

KEPT = timedelta(days=365)
UNTIL_IT_IS_OVER = timedelta(days=18)


def delete(world: World) -> DeleteOldWords:
    house = world.house
    return DeleteOldWords(house.stores.staff_words, house.ground.people, world.clock, KEPT)


async def moved_and_cancelled(world: World) -> tuple[dict[str, Any], list[str]]:
    """An occasion where staff said why they moved one party and cancelled another."""
    occasion = await world.an_occasion(capacity=30)
    parties = [await world.book(occasion["id"], size=28, needs="hörslinga") for _ in range(3)]
    reason = {"booking_id": parties[2]["id"], "position": 1, "reason": "Kan bara den dagen."}
    await world.change("POST", f"/v1/occasions/{occasion['id']}/line-moves", 201, json=reason)
    path = f"/v1/bookings/{parties[1]['id']}/cancellation"
    await world.change("POST", path, json={"reason": "Skolan har ringt."})
    rows = await world.rows("bookings", _id={"$in": [parties[1]["id"], parties[2]["id"]]})
    return occasion, [row["recipient_id"] for row in rows]


async def reason_of_the_move(world: World, occasion: dict[str, Any]) -> str | None:
    [move] = (await world.ask("GET", f"/v1/occasions/{occasion['id']}/line-moves"))["items"]
    assert move["by"] == "sub-amina.lund"
    reason: str | None = move["reason"]
    return reason


async def test_words_go_twelve_months_after_the_occasion(world: World) -> None:
    """Not before; then words and keys are gone, and what was done, by whom and when stays."""
    occasion, about = await moved_and_cancelled(world)
    world.clock.advance(UNTIL_IT_IS_OVER + KEPT - timedelta(days=2))
    assert await delete(world)() == 0
    assert await reason_of_the_move(world, occasion) == "Kan bara den dagen."
    world.clock.advance(timedelta(days=2))
    assert await delete(world)() == 2
    assert await delete(world)() == 0
    assert await reason_of_the_move(world, occasion) is None
    assert await world.rows("bookings", ended_because={"$exists": True}) == []
    assert [row["reason"] for row in await world.rows("line_moves")] == [{}]
    keys = world.house.ground.keys["person_keys"]
    assert await keys.count_documents({"_id": {"$in": [key_of(each) for each in about]}}) == 0


async def test_needs_go_sooner_and_leave_the_words(world: World) -> None:
    """Deleting what a party needed takes its key away, and not the one that the words are under."""
    occasion, _ = await moved_and_cancelled(world)
    world.clock.advance(UNTIL_IT_IS_OVER + timedelta(days=31))
    house = world.house
    forget = DeleteOldNeeds(house.stores.bookings, house.ground.people, world.clock)
    assert await forget() == 3
    assert await reason_of_the_move(world, occasion) == "Kan bara den dagen."
