"""Finding the occasions that somebody looks for, and who is to come to one."""

from __future__ import annotations

from typing import Any

import pytest

from services.booking.storage.occasion_queries import index_for, occasion_order, occasion_query
from services.booking.use_cases.occasion_lists import OccasionsWanted
from tests.integration.booking.world import World


async def _titles(world: World, query: str, by: str = "coordinator", username: str = "") -> Any:
    path = f"/v1/occasions?{query}"
    if username:
        headers = world.signed_in(by, username)
        return [
            each["title"]
            for each in (await world.client.get(path, headers=headers)).json()["items"]
        ]
    return [each["title"] for each in (await world.ask("GET", path, by=by))["items"]]


async def test_occasions_are_found_by_how_they_stand(world: World) -> None:
    """Free, full, waited for, cancelled: each condition finds those, and none of the others."""
    await world.an_occasion(title="Ledigt")
    full = await world.an_occasion(title="Fullt", capacity=10)
    await world.book(full["id"], size=10)
    await world.book(full["id"], size=5, when_full="wait")
    off = await world.an_occasion(title="Inställt")
    await world.change(
        "POST", f"/v1/occasions/{off['id']}/cancellation", json={"reason": "Ledaren är sjuk."}
    )
    assert await _titles(world, "state=free") == ["Ledigt"]
    assert await _titles(world, "state=full") == ["Fullt"]
    assert await _titles(world, "state=waiting") == ["Fullt"]
    assert await _titles(world, "state=offered") == []
    assert await _titles(world, "state=cancelled") == ["Inställt"]
    assert len(await _titles(world, "limit=10")) == 3


async def test_occasions_are_found_by_name_room_activity_and_leader(world: World) -> None:
    """A part of the name in any case, the room's name, the activity's id, those that one leads."""
    one = await world.an_occasion(title="Källkritik (8)", room="Sal 2", leaders=["Leyla Sjö"])
    await world.an_occasion(title="Hat på nätet", room="Sal 1", leaders=["Sanna Ek"])
    assert await _titles(world, "q=KÄLLKRITIK%20(") == ["Källkritik (8)"]
    assert await _titles(world, "q=.*") == [], "words are words, not patterns"
    assert await _titles(world, "room=Sal%201") == ["Hat på nätet"]
    assert await _titles(world, f"activity_id={one['activity_id']}") == ["Källkritik (8)"]
    assert await _titles(world, "mine=true", "facilitator", "sanna.ek") == ["Hat på nätet"]
    assert await _titles(world, "mine=true", "facilitator", "mira.lindh") == []


async def test_occasions_are_found_by_their_ids(world: World) -> None:
    """Whoever knows them asks once for all; what is not there is left out, and no others come."""
    first, second = [await world.an_occasion(title=each) for each in ("En", "Två")]
    await world.an_occasion(title="Tre")
    wanted = f"id={second['id']}&id={first['id']}&id=finns-inte"
    assert sorted(await _titles(world, wanted)) == ["En", "Två"]


async def test_those_to_look_at_are_found_without_looking_at_all(world: World) -> None:
    """Occasions with a flag have an index of their own: the first page asks for them."""
    marked = await world.an_occasion(title="Att titta på")
    await world.an_occasion(title="Som de ska")
    occasions = world.house.ground.database["occasions"]
    await occasions.update_one({"_id": marked["id"]}, {"$set": {"flags": ["room-taken"]}})
    assert await _titles(world, "state=flagged") == ["Att titta på"]
    query = occasion_query(OccasionsWanted(condition="flagged"), None)
    order = occasion_order("starts_at")
    plan = str((await occasions.find(query).sort(order).explain())["queryPlanner"]["winningPlan"])
    assert "'indexName': 'flagged'" in plan


async def test_words_are_looked_for_without_reading_every_occasion(world: World) -> None:
    """Those of another title are passed over in an index; so are those that nobody waits for."""
    for title in ("Källkritik", "Om hat", "Om rykten"):
        await world.an_occasion(title=title)
    words = OccasionsWanted(words="kritik", first=world.clock.now())
    waiting = OccasionsWanted(condition="waiting", order="-waiting")
    occasions = world.house.ground.database["occasions"]
    for wanted, read in ((words, 1), (waiting, 0)):
        found = occasions.find(occasion_query(wanted, None)).sort(occasion_order(wanted.order))
        index = index_for(wanted)
        plan = await (found.hint(index) if index else found).explain()
        assert plan["executionStats"]["totalDocsExamined"] == read
    assert await _titles(world, f"q=kritik&from={world.clock.now():%Y-%m-%d}") == ["Källkritik"]


@pytest.mark.parametrize(
    ("order", "titles"),
    [("title", ["A", "B"]), ("-title", ["B", "A"]), ("-waiting", ["B", "A"])],
)
async def test_occasions_are_sorted(world: World, order: str, titles: list[str]) -> None:
    """By name or by how many wait, either way."""
    await world.an_occasion(title="A")
    waited_for = await world.an_occasion(title="B", capacity=5)
    await world.book(waited_for["id"], size=5)
    await world.book(waited_for["id"], size=5, when_full="wait")
    assert await _titles(world, f"sort={order}") == titles
    await world.ask("GET", "/v1/occasions?sort=capacity", 422)


async def test_whoever_counts_sees_who_is_to_come(world: World) -> None:
    """The desk and the occasion's own leaders see the parties with places; other leaders do not."""
    occasion = await world.an_occasion(leaders=["Leyla Sjö"], capacity=30)
    booked = await world.book(occasion["id"], size=20)
    await world.book(occasion["id"], size=20, when_full="wait")
    path = f"/v1/occasions/{occasion['id']}/attendance"
    shown = await world.ask("GET", path)
    assert [(each["booking_id"], each["size"]) for each in shown["items"]] == [(booked["id"], 20)]
    assert shown["items"][0]["attended"] is None
    leyla = await world.client.get(path, headers=world.signed_in("facilitator", "leyla.sjo"))
    assert leyla.json() == shown
    assert leyla.headers["etag"]
    sanna = await world.client.get(path, headers=world.signed_in("facilitator", "sanna.ek"))
    assert sanna.status_code == 403
    await world.ask("GET", path, 403, by="editor")
